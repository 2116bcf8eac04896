import { spawn } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ownFolder } from '../config/paths.ts'

/**
 * Opens a page. The address holds the one-time state of a login or a sign-in link, and every user of this computer can read the
 * arguments of a process: so the browser is given a file that only its owner can read, and that leads on. A one-time address
 * of bhor's own would not do: whoever reads it in the list of processes can be faster than the browser.
 *
 * @returns takes the file away again
 */
export function openBrowser(
  url: string,
  { name, text = 'Go on to the broker’s login page' }: { readonly name: string; readonly text?: string },
): Disposable {
  // Not below the data folder: a browser that is a snap sees neither hidden folders nor /tmp.
  const file = join(ownFolder(), `bhor-login-${name}.html`)
  const address = url.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
  const page = `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${address}">
<title>bhor</title>
<a href="${address}">${text}</a>
`
  try {
    writeFileSync(file, page, { mode: 0o600, flag: 'wx' })
  } catch {
    // A home folder that takes no files. The printed link does.
    return { [Symbol.dispose]() {} }
  }
  const command =
    process.platform === 'darwin' ? 'open' : process.platform === 'win32' ? 'explorer' : 'xdg-open'
  // Where there is no browser the printed link does.
  spawn(command, [pathToFileURL(file).href], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref()
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) }
}
