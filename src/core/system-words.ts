const whys: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EACCES: 'it may not be written',
  EPERM: 'it may not be written',
  EROFS: 'the place is read-only',
  ENOENT: 'its folder is not there',
  ENOTDIR: 'its folder is no folder',
  ELOOP: 'it is a symbolic link',
}

/**
 * Why the operating system refused to write a file, in words that go on a sentence: `… could not be written: the disk is full.`
 *
 * @param code as Node names it, such as `ENOSPC`; of one without words it is the answer itself
 */
export function whyUnwritten(code: string): string {
  return whys[code] ?? code
}
