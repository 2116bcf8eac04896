#!/usr/bin/env node
/*
 * What the command `bhor` starts with: it finds a Node that is new enough, and goes on there. The Node that reads this file may be as old
 * as 18, so nothing in it is newer than ES2019 but import(), and nothing of ours is imported before the right Node is found.
 */
const fs: typeof import('node:fs') = require('node:fs')
const os: typeof import('node:os') = require('node:os')
const path: typeof import('node:path') = require('node:path')

type Environment = Readonly<Record<string, string | undefined>>

const oldest = '26.5.1'
const nodeName = process.platform === 'win32' ? 'node.exe' : 'node'
/** The Node that a checkout has installed for itself; a package has none. */
const ownNode = path.join(__dirname, '..', '..', 'node_modules', 'node', 'bin', nodeName)

/** What the rows of the error table say, which an old Node cannot read; a test compares them. */
const hints = {
  runtime_too_old:
    'Install Node 26 (https://nodejs.org/en/download, or: nvm install 26), or name one in BHOR_NODE. In a checkout npm start brings it.',
  runtime_unusable: 'Correct BHOR_NODE, or unset it: bhor then looks for a Node itself.',
}

type Choice = { readonly node: string } | { readonly fault: string; readonly hint: string }

function main(): void {
  const wished = process.env.BHOR_NODE
  const choice = wished ? wishedNode(expanded(wished)) : foundNode()
  if ('fault' in choice) fail(choice.fault, choice.hint)
  else {
    // `demo` leaves nothing behind.
    if (!wished && process.argv[2] !== 'demo') remember(choice.node)
    if (choice.node === process.execPath) runHere()
    else runOn(choice.node)
  }
}

/** Who names one wants that one: it is never passed over. */
function wishedNode(node: string): Choice {
  const hint = hints.runtime_unusable
  if (!isFile(node)) return { fault: `BHOR_NODE names no program: ${plain(node)}.`, hint }
  const isThis = fs.realpathSync(node) === fs.realpathSync(process.execPath)
  const version = isThis ? process.versions.node : versionOf(node)
  if (version === undefined) return { fault: `What BHOR_NODE names is no Node: ${plain(node)}.`, hint }
  if (!isNewEnough(version))
    return { fault: `BHOR_NODE names Node ${version}; bhor needs ${oldest} or newer.`, hint }
  return { node: isThis ? process.execPath : node }
}

/** This one, that of the last run, that of a checkout, the first on PATH. */
function foundNode(): Choice {
  const { env, versions, execPath } = process
  if (isNewEnough(versions.node)) return { node: execPath }
  const before = remembered()
  const candidates = [...(before === undefined ? [] : [before]), ownNode, ...onPath(env.PATH)]
  const node = candidates.find((each) => isNewEnough(versionOf(each)))
  if (node !== undefined) return { node }
  const gone =
    before === undefined || fs.existsSync(before) ? '' : ` The one it ran on is gone: ${plain(before)}.`
  const fault = `bhor needs Node ${oldest} or newer; this is ${versions.node}, and PATH has none.${gone}`
  return { fault, hint: hints.runtime_too_old }
}

/** No second process where this one will do. */
function runHere(): void {
  void import('./bhor.ts')
}

/** An old Node cannot become another program, so it stays in front of the new one and passes everything on. */
function runOn(node: string): void {
  const { spawn }: typeof import('node:child_process') = require('node:child_process')
  const { isatty }: typeof import('node:tty') = require('node:tty')
  const entry = path.join(__dirname, __filename.endsWith('.cts') ? 'bhor.ts' : 'bhor.js')
  // By the channel a server learns that this one has gone, however it went.
  const child = spawn(node, [entry, ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  })
  const hasTerminal = [0, 1, 2].some((fd) => isatty(fd))
  // Ctrl-C at a terminal reaches both.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => (signal === 'SIGINT' && hasTerminal) || child.kill(signal))
  child.on('error', (error) =>
    fail(
      `${plain(node)} cannot be started (${(error as NodeJS.ErrnoException).code}).`,
      hints.runtime_too_old,
    ),
  )
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code === null ? 1 : code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}

function isNewEnough(version: string | undefined): boolean {
  if (version === undefined) return false
  const [theirs, ours] = [version, oldest].map((text) => text.split('.').map(Number)) as [number[], number[]]
  const at = [0, 1, 2].find((i) => theirs[i] !== ours[i])
  return at === undefined || (theirs[at] as number) > (ours[at] as number)
}

function versionOf(node: string): string | undefined {
  if (!isFile(node)) return undefined
  const { spawnSync }: typeof import('node:child_process') = require('node:child_process')
  const { stdout } = spawnSync(node, ['--version'], {
    encoding: 'utf8',
    timeout: 10000,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: Object.assign({}, process.env, { NODE_OPTIONS: '' }),
  })
  const found = /^v(\d+\.\d+\.\d+)/.exec(stdout || '')
  return found === null ? undefined : found[1]
}

function onPath(folders: string | undefined): string[] {
  return (folders || '')
    .split(path.delimiter)
    .filter((folder) => path.isAbsolute(folder))
    .map((folder) => path.join(folder, nodeName))
}

function isFile(file: string): boolean {
  try {
    return fs.statSync(file).isFile()
  } catch {
    return false
  }
}

/** The Node of the last run: a job of cron has another PATH than a terminal. Only what nobody else can have written counts. */
function remembered(): string | undefined {
  try {
    const file = nodeFile()
    const { uid, mode } = fs.lstatSync(file)
    const isOurs = process.getuid === undefined || (uid === process.getuid() && (mode & 0o022) === 0)
    const node = fs.readFileSync(file, 'utf8').trim()
    return isOurs && path.isAbsolute(node) ? node : undefined
  } catch {
    return undefined
  }
}

function remember(node: string): void {
  if (remembered() === node) return
  const file = nodeFile()
  // What bhor refuses as a path is no reason to make a folder.
  if (!path.isAbsolute(expanded(process.env.BHOR_HOME || '/')) || /\s$|\p{Cc}/u.test(file)) return
  try {
    const draft = `${file}.${process.pid}`
    makeFolder(path.dirname(file))
    fs.writeFileSync(draft, `${node}\n`, { mode: 0o600, flag: 'wx' })
    fs.renameSync(draft, file)
  } catch {
    // A home that cannot be written: the next run looks again.
  }
}

/** Not recursive: below /proc Node would try for ever. */
function makeFolder(folder: string): void {
  if (fs.existsSync(folder)) return
  makeFolder(path.dirname(folder))
  fs.mkdirSync(folder, { mode: 0o700 })
}

function nodeFile(): string {
  return path.join(dataFolder(process.env, process.platform), 'node-path')
}

/** The same as `homeFolder` in config/home.ts; a test compares them. */
function dataFolder(env: Environment, platform: string): string {
  if (env.BHOR_HOME) return path.resolve(expanded(env.BHOR_HOME))
  const home = os.homedir()
  if (platform === 'win32') return path.join(env.LOCALAPPDATA || path.join(home, 'AppData', 'Local'), 'bhor')
  if (platform === 'darwin') return path.join(home, 'Library', 'Application Support', 'bhor')
  const named = env.XDG_STATE_HOME
  return path.join(named && path.isAbsolute(named) ? named : path.join(home, '.local', 'state'), 'bhor')
}

function expanded(file: string): string {
  return file === '~' || file.startsWith('~/') ? path.join(os.homedir(), file.slice(1)) : file
}

/** No terminal obeys what stands in a path. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '?')
}

function fail(sentence: string, hint: string): void {
  process.stderr.write(`bhor: ${sentence}\n      Try: ${hint}\n`)
  process.exitCode = 1
}

module.exports = { dataFolder, hints, isNewEnough }
if (require.main === module) main()
