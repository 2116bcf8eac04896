import type { ConfigOption } from '../../../src/contracts/api.ts'
import { call } from '../api.ts'
import { now } from '../time/clock.ts'
import { whenText } from '../time/ist.ts'
import { marketWords } from '../today/market.ts'
import { words } from '../words/settings.ts'
import type { SectionName } from './sections.ts'

/** How a section stands, in a few words. */
export interface Summary {
  readonly text: string
  readonly isTrouble?: boolean
}

const said = words.settings.summary

const readers: Readonly<
  Record<Exclude<SectionName, 'morning' | 'record' | 'config'>, () => Promise<Summary>>
> = {
  async alerts() {
    const channels = await call('GET /v1/alerts')
    const failing = channels.filter(({ state }) => state === 'failing' || state === 'damaged')
    return failing.length > 0
      ? { text: said.failing(failing.map(({ name }) => name).join(', ')), isTrouble: true }
      : { text: said.channels(channels.length), isTrouble: channels.length === 0 }
  },
  async calendar() {
    const equity = (await call('GET /v1/calendar/now')).find(({ segment }) => segment === 'equity')
    return { text: equity ? (marketWords(equity, now.peek())[0] ?? '') : '' }
  },
  async browsers() {
    const browsers = await call('GET /v1/desk/browsers')
    const { byPassphrase } = await call('GET /v1/desk/confirmation')
    const text = said.browsers(browsers.length)
    return { text: byPassphrase ? text : `${text}, ${said.noPassphrase}` }
  },
  async vault() {
    const { rotation, master } = await call('GET /v1/vault')
    return { text: rotation ? said.rotating : (master.split(' /')[0] ?? '') }
  },
  async seal() {
    const { sealed } = await call('GET /v1/seal')
    return { text: sealed ? said.sealed : said.notSealed, isTrouble: sealed }
  },
  async backup() {
    const { last, tooOld, failed, drilled } = await call('GET /v1/backup')
    if (tooOld) return { text: said.oldBackup, isTrouble: true }
    const isTrouble = failed !== null || (drilled?.failure != null && drilled.path === last?.path)
    return last
      ? { text: said.backup(whenText(last.at, now.peek())), isTrouble }
      : { text: said.noBackup, isTrouble }
  },
}

/** Reads them all; a part that cannot be read says so, and hides no other. */
export async function readSummaries(): Promise<Readonly<Partial<Record<SectionName, Summary>>>> {
  const unread: Summary = { text: words.settings.unread, isTrouble: true }
  const config = call('GET /v1/config').then(ofConfig, () => ({
    morning: unread,
    record: unread,
    config: unread,
  }))
  const others = Object.entries(readers).map(async ([name, read]) => [name, await read().catch(() => unread)])
  return { ...(await config), ...Object.fromEntries(await Promise.all(others)) } as Record<
    SectionName,
    Summary
  >
}

function ofConfig(options: readonly ConfigOption[]): Record<'morning' | 'record' | 'config', Summary> {
  const optionOf = (name: string) => options.find((option) => option.name === name)?.value ?? ''
  const retention = optionOf('audit_retention')
  return {
    morning: { text: said.deadline(optionOf('roll_call_deadline')) },
    record: { text: retention === '' ? said.forever : said.retention(retention) },
    config: { text: said.set(options.filter(({ source }) => source !== 'default').length) },
  }
}
