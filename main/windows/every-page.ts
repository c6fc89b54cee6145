/** Pages as they are made; those that are there already, too. */
import { app, type WebContents, webContents } from 'electron';

export function everyPage(follow: (page: WebContents) => void): void {
  for (const page of webContents.getAllWebContents()) follow(page);
  app.on('web-contents-created', (_event, page) => follow(page));
}
