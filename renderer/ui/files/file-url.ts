/** Where main serves the files of an account to this page. */
export const fileUrl = (account: string, hash: string): string => `/file/${account}/${hash}`;
export const thumbnailUrl = (account: string, hash: string): string => `${fileUrl(account, hash)}/thumbnail`;
