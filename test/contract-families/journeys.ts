import type { LoginKind } from '../../src/contracts/api.ts'
import { type SimulatedApp, type Simulator, totpCode } from '../../src/simulator/index.ts'
import { families, type SimulatedFamily } from './family.ts'

/** A family of brokers as people meet it: what they fill in, and what the login asks. A row is a journey on every surface. */
export interface Journey {
  readonly family: SimulatedFamily
  readonly app: SimulatedApp
  /** What is filled in, by the manifest's names. */
  readonly public: Readonly<Record<string, string>>
  readonly secret: Readonly<Record<string, string>>
  /** Secret fields that need not be stored; a login finishes by itself with them. Left out where it never does. */
  readonly stored?: Readonly<Record<string, string>>
  /** Where it is not the broker's first. */
  readonly method?: LoginKind
  /** What a person answers, question after question. Ask for it before the login: a code of an earlier one is none of this. */
  answers(simulator: Simulator): readonly Answers[]
  /** What becomes of the next approval that comes to the phone. Left out where there is none. */
  onPhone?(simulator: Simulator, press: 'approve' | 'refuse'): Promise<void>
  /** The last answer with a mistake in it, and what the broker says to that. */
  readonly wrong: Readonly<Record<string, string>>
  readonly wrongSays: RegExp
}

/** Read when the question stands: a code may have been sent only then. */
export type Answers = () => Readonly<Record<string, string>>

function person({ simulator: { demoUser } }: SimulatedFamily) {
  const { userId, pin = '', totpSeed } = demoUser
  const totp = (simulator: Simulator) => totpCode(totpSeed, simulator.clock.now())
  return { userId, pin, totpSeed, totp }
}

function journey(
  family: SimulatedFamily,
  {
    apiKey,
    apiSecret = '',
    ...rest
  }: Omit<Journey, 'family' | 'app'> & { apiKey: string; apiSecret?: string },
): Journey {
  const { broker, simulator } = family
  const { userId } = simulator.demoUser
  const redirectUrl = 'http://127.0.0.1:7878/callback'
  return { family, app: { broker: broker.id, apiKey, apiSecret, redirectUrl, userId }, ...rest }
}

const [angel, dhan, kotak] = [person(families.angel), person(families.dhan), person(families.kotak)]
const { userId: definedgeId } = person(families.definedge)
const { userId: approvingId } = person(families.approving)
const kotakAccount =
  families.kotak.simulator.accountOf?.({ ...families.kotak.simulator.demoUser, broker: 'kotak' }) ?? {}
const machine = { localIp: '192.168.1.2', publicIp: '203.0.113.7', macAddress: '02:00:00:00:00:01' }

export const journeys: readonly Journey[] = [
  journey(families.angel, {
    apiKey: 'demoapikey',
    public: { apiKey: 'demoapikey', clientCode: angel.userId, ...machine },
    secret: {},
    stored: { pin: angel.pin, totpSeed: angel.totpSeed },
    answers: (simulator) => [() => ({ pin: angel.pin, totp: angel.totp(simulator) })],
    wrong: { pin: '9999' },
    wrongSays: /Invalid clientcode or PIN/,
  }),
  journey(families.dhan, {
    apiKey: 'demoappid',
    apiSecret: 'demoappsecret',
    public: { apiKey: 'demoappid', clientId: dhan.userId },
    secret: { apiSecret: 'demoappsecret' },
    stored: { pin: dhan.pin, totpSeed: dhan.totpSeed },
    method: 'direct',
    answers: (simulator) => [() => ({ pin: dhan.pin, totp: dhan.totp(simulator) })],
    wrong: { pin: '999999' },
    wrongSays: /Invalid Pin/,
  }),
  journey(families.kotak, {
    apiKey: 'demoapp',
    apiSecret: 'demodashboardtoken',
    public: { apiKey: 'demoapp', ucc: kotak.userId, mobileNumber: kotakAccount.mobileNumber ?? '' },
    secret: { dashboardToken: 'demodashboardtoken' },
    stored: { mpin: kotak.pin, totpSeed: kotak.totpSeed },
    answers: (simulator) => [() => ({ totp: kotak.totp(simulator) }), () => ({ mpin: kotak.pin })],
    wrong: { mpin: '999999' },
    wrongSays: /Invalid MPIN/,
  }),
  journey(families.definedge, {
    apiKey: 'demoapitoken',
    apiSecret: 'demoapisecret',
    public: { apiKey: 'demoapitoken' },
    secret: { apiSecret: 'demoapisecret' },
    answers(simulator) {
      const code = () => simulator.codeSentTo('definedge', definedgeId) ?? ''
      const before = code()
      return [() => ({ otp: code() === before ? '' : code() })]
    },
    wrong: { otp: '000000' },
    wrongSays: /Invalid OTP/,
  }),
  journey(families.approving, {
    apiKey: 'demokey',
    public: { apiKey: 'demokey', clientId: approvingId, region: 'west' },
    secret: {},
    answers: () => [],
    async onPhone(simulator, press) {
      const asked = () => simulator.calls({ broker: 'approving', method: 'POST', path: '/approvals' }).length
      const before = asked()
      for (let tries = 0; tries < 400; tries += 1) {
        await new Promise((resolve) => setTimeout(resolve, 50))
        if (asked() === before) continue
        const url = `${simulator.hosts('approving').api}/phone/${approvingId}/${press}`
        if ((await fetch(url, { method: 'POST' })).ok) return
      }
      throw new Error('Nothing has come to the phone.')
    },
    wrong: {},
    wrongSays: /The client has refused/,
  }),
]

/** The same with a mistake in the last one. */
export function wrongAnswers(journey: Journey, simulator: Simulator): readonly Answers[] {
  const all = journey.answers(simulator)
  return all.map((answer, at) => () => (at === all.length - 1 ? { ...answer(), ...journey.wrong } : answer()))
}

/** The values by the place that the manifest gives them. */
export function valuesOf({ family, public: open, secret }: Journey) {
  const { app } = family.broker
  const all = Object.entries({ ...open, ...secret })
  return {
    app: Object.fromEntries(all.filter(([name]) => name in app)),
    fields: Object.fromEntries(all.filter(([name]) => !(name in app))),
  }
}
