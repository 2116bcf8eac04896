import type { AddAlertChannel } from '../../../src/contracts/alerts.ts'
import { type BotApi, startBotApi, visible } from '../telegram/bot-api.ts'
import { openWorld, type World, type WorldOptions } from '../world.ts'
import { type Received, type Receiver, type Reply, startReceiver } from './receiver.ts'

/** Where a person's phone is in these tests. */
export const phoneChat = 42

/** A bhor with a person's phone and a program's webhook, both on loopback. */
export interface AlertWorld extends AsyncDisposable {
  readonly world: World
  readonly phone: BotApi
  readonly hook: Receiver
  addPhone(more?: Partial<AddAlertChannel>): Promise<unknown>
  addHook(more?: Partial<AddAlertChannel>): Promise<unknown>
  /** Lets time pass a minute at a time, and what is due be sent. */
  pass(minutes: number): Promise<void>
  /** Sends what is due now. */
  send(): Promise<void>
  /** What the phone shows, oldest first, without the times. */
  said(): string[]
  /** The types of the events that the program got, those that piled up one by one. */
  types(): string[]
}

const minuteMs = 60_000

export async function openAlertWorld(
  options: WorldOptions = {},
  reply: Reply | ((request: Received) => Reply) = {},
): Promise<AlertWorld> {
  await using opening = new AsyncDisposableStack()
  const hook = opening.use(await startReceiver(reply))
  const env = { BHOR_ALERTS_PRIVATE_TARGETS: '127.0.0.1', ...options.env }
  const world = opening.use(await openWorld({ ...options, env }))
  const phone = opening.use(await startBotApi({ clock: world.clock }))
  phone.chat({ id: phoneChat, type: 'private' })
  const parts = opening.move()
  const send = async () => void (await world.app.desk.courier.look())
  return {
    world,
    phone,
    hook,
    addPhone: (more = {}) =>
      world.app.desk.alerts.add(world.app.operator, {
        name: 'phone',
        kind: 'telegram',
        fields: { chat: String(phoneChat), server: phone.url },
        secrets: { token: phone.token },
        ...more,
      }),
    addHook: (more = {}) =>
      world.app.desk.alerts.add(world.app.operator, {
        name: 'hook',
        kind: 'webhook',
        secrets: { url: `${hook.url}/hook` },
        ...more,
      }),
    async pass(minutes) {
      for (let passed = 0; passed < minutes; passed++) {
        await send()
        // In pieces that are shorter than the time-out of a message: whoever answers at once is not late.
        for (let piece = 0; piece < 6; piece++) {
          await world.advance(minuteMs / 6)
          await send()
        }
        await world.app.desk.watch.look()
        await send()
      }
    },
    send,
    said: () =>
      phone.messages.map(({ text, parse_mode }) =>
        visible(text, parse_mode).replace(/\n?\w{3} \d+ \w{3} \d\d:\d\d IST$/gm, ''),
      ),
    types: () => hook.received.flatMap(({ body }) => typesIn(JSON.parse(body) as Event)),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

interface Event {
  readonly type: string
  readonly data: { readonly alerts?: readonly Event[] }
}

function typesIn({ type, data }: Event): string[] {
  return data.alerts ? data.alerts.flatMap(typesIn) : [type]
}
