import { Command } from 'commander'
import { hasBrowser } from '../../config/environment.ts'
import { foregroundClock } from '../../core/clock.ts'
import { BhorError, isBhorError } from '../../core/errors.ts'
import { newId } from '../../core/ids.ts'
import { systemRandom } from '../../core/random.ts'
import { askSecret } from '../ask.ts'
import { call } from '../call.ts'
import { neededServer } from '../connect.ts'
import { openDesk } from '../here.ts'
import { onInterrupt } from '../interrupt.ts'
import { openBrowser } from '../open-browser.ts'
import { secretFrom } from '../secret-input.ts'
import { table, terminal } from '../terminal.ts'
import { istText } from '../texts.ts'
import type { ApiClient } from '../wire.ts'

/** For Safari where the system does not lead names below `localhost` to this computer. */
export const plainAddressHint = 'Your browser does not find that page? bhor desk --plain-address'

const plainAddressWarning =
  'Open it in a private window: everybody knows this address, so whoever used its port before may have left something for it in your browser.'

/** So long the file lasts that leads the browser on. */
const openingMs = 60_000
const lookEveryMs = 500

export function deskCommand(): Command {
  const desk = new Command('desk')
    .description(
      'A new sign-in link to the dashboard of the running server; opens your browser where there is one. Then: who is signed in there.',
    )
    .option('--plain-address', 'at 127.0.0.1, for a browser that does not find the page otherwise')
    .option('--no-browser', 'only print the link')
    .option('--json', 'print JSON')
    .action(async (options: { plainAddress?: boolean; browser: boolean; json?: boolean }) => {
      const { plainAddress = false, browser, json } = options
      const server = await neededServer()
      const link = await call(server, 'POST /v1/desk/link', { body: plainAddress ? { plain: true } : {} })
      if (json) return terminal.json(link)
      terminal.data(link.url)
      terminal.say('The link works once and for 10 minutes.')
      terminal.say(plainAddress ? plainAddressWarning : plainAddressHint)
      // The plain address is for a private window, which no program opens.
      if (browser && !plainAddress && terminal.canAsk && terminal.isShown && hasBrowser())
        await openPage(server, link.url)
    })
  desk
    .command('list')
    .description('The browsers that are signed in.')
    .option('--json', 'print JSON')
    .action(async (_options: unknown, command: Command) => {
      await using server = await openDesk()
      const all = await call(server, 'GET /v1/desk/browsers')
      if (isJson(command)) return terminal.json(all)
      if (all.length === 0) return terminal.say('No browser is signed in. For a link: bhor desk')
      const time = (at: string | null) => (at === null ? '' : istText(at))
      const rows = all.map((each) => [
        each.id,
        each.name,
        time(each.startedAt),
        time(each.lastUsedAt),
        time(each.expiresAt),
        each.isDamaged ? 'damaged' : each.isKept ? 'stays' : 'ends with its tab',
      ])
      const head = ['ID', 'BROWSER', 'SINCE (IST)', 'LAST USED (IST)', 'UNTIL (IST)', 'STATE']
      terminal.data(table([head, ...rows]))
    })
  desk
    .command('revoke')
    .argument('[id]', 'of one browser; bhor desk list shows it')
    .description('Sign a browser out, or all of them.')
    .option('--all', 'every browser')
    .option('--json', 'print JSON')
    .action(async (id: string | undefined, options: { all?: boolean }, command: Command) => {
      if ((id === undefined) === (options.all !== true))
        throw new BhorError('usage', 'Name one browser by its id, or --all.')
      await using server = await openDesk()
      if (id === undefined) {
        const { revoked } = await call(server, 'DELETE /v1/desk/browsers')
        if (isJson(command)) return terminal.json({ revoked })
        return terminal.say(`${revoked === 1 ? 'One browser is' : `${revoked} browsers are`} signed out.`)
      }
      await call(server, 'DELETE /v1/desk/browsers/{browser}', { params: { browser: id } })
      if (isJson(command)) return terminal.json({ revoked: 1 })
      terminal.say('The browser is signed out.')
    })
  desk
    .command('confirm <code>')
    .description('Confirm what the page asks for; good for 5 minutes, in that browser.')
    .option('--json', 'print JSON')
    .action(async (code: string, _options: unknown, command: Command) => {
      const server = await neededServer()
      const all = await call(server, 'GET /v1/desk/browsers')
      const confirmed = await call(server, 'POST /v1/desk/confirmation/{code}', { params: { code } })
      if (isJson(command)) return terminal.json(confirmed)
      const name = all.find(({ id }) => id === confirmed.browser)?.name ?? 'the browser'
      terminal.say(`Confirmed: ${name} may ${confirmed.text}, until ${istText(confirmed.until)} IST.`)
    })
  desk
    .command('passphrase')
    .description(
      'Set the passphrase by which the page confirms what is dangerous; without one it asks for a command.',
    )
    .option('--file <file>', 'read it from there; - for stdin')
    .option('--remove', 'do without one')
    .action(async ({ file, remove }: { file?: string; remove?: boolean }) => {
      if (file !== undefined && remove) throw new BhorError('usage', 'Give --file or --remove, not both.')
      const passphrase = remove
        ? null
        : file === undefined
          ? await askTwice()
          : await secretFrom(file, 'passphrase')
      await using server = await openDesk()
      await call(server, 'PUT /v1/desk/passphrase', { body: { passphrase } })
      terminal.say(
        remove ? 'The page has no passphrase any more.' : 'The page asks for this passphrase from now on.',
      )
    })
  return desk
}

/** Of a command below `desk`, which has a --json too. */
function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true
}

async function askTwice(): Promise<string> {
  const first = await askSecret('Choose a passphrase for the page')
  if ((await askSecret('The same passphrase again')) === first) return first
  throw new BhorError('cancelled', 'The two passphrases differ. Nothing was changed.')
}

/** Opens the link in the browser, and waits until somebody is in: the file that leads there goes with the command. */
async function openPage(server: ApiClient, url: string): Promise<void> {
  const browsers = async () => call(server, 'GET /v1/desk/browsers')
  const before = new Set((await browsers()).map(({ id }) => id))
  using interrupt = onInterrupt()
  using _page = openBrowser(url, { name: newId('desk', systemRandom), text: 'Go on to the desk' })
  terminal.say('It opens in your browser…')
  const untilMs = foregroundClock.monotonicMs() + openingMs
  while (foregroundClock.monotonicMs() < untilMs) {
    const found = (await browsers()).find(({ id }) => !before.has(id))
    if (found) return terminal.say(`${terminal.green('●')} ${found.name} is signed in.`)
    try {
      await foregroundClock.sleep(lookEveryMs, interrupt.signal)
    } catch (error) {
      if (isBhorError(error, 'cancelled')) return
      throw error
    }
  }
}
