/** Shorter names have room wherever one is shown. */
const SHORT = 12;
const ENDING = /^(.+)(\.[\p{L}\p{N}]{1,10})$/su;

/** The name of a file, in a line. Where there is no room for all of it, what kind of file it is stays. */
export function FileName({ name, className = 'file-name' }: { name: string; className?: string }) {
  const [, stem, ending] = (name.length > SHORT && ENDING.exec(name)) || [];
  if (stem === undefined)
    return (
      <bdi className={className} title={name}>
        {name}
      </bdi>
    );
  return (
    <bdi className={`${className} name-parts`} title={name}>
      <span className="name-stem">{stem}</span>
      <span>{ending}</span>
    </bdi>
  );
}
