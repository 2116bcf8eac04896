import {
  type SimulatedApp,
  type SimulatedBrokerModule,
  type Simulator,
  totpCode,
} from '../../src/simulator/index.ts'
import { simulator as angel } from './angel-simulator.ts'

/** A family of brokers as people meet it: what they fill in, and what the login asks. A row is a journey on every surface. */
export interface Journey {
  readonly id: string
  /** What the adapter is called on the page. */
  readonly name: string
  /** As the adapter's own module exports it. */
  readonly simulator: SimulatedBrokerModule
  readonly register: Omit<SimulatedApp, 'broker'>
  /** By the manifest's names; public ones, and those of the app that are secret. */
  readonly app: Readonly<Record<string, string>>
  readonly secretApp: Readonly<Record<string, string>>
  readonly fields: Readonly<Record<string, string>>
  /** Secret fields that need not be stored; a login finishes by itself with them. Undefined where it never does. */
  readonly stored?: Readonly<Record<string, string>>
  /** What a person answers, question after question. */
  answers(simulator: Simulator): readonly Answers[]
  /** The same with a mistake in it, and what the broker says to that. */
  wrongAnswers(simulator: Simulator): readonly Answers[]
  readonly wrongSays: RegExp
}

/** Read when the question stands: a code may have been sent only then. */
export type Answers = () => Readonly<Record<string, string>>

const totpOf = (simulator: Simulator, seed: string) => totpCode(seed, simulator.clock.now())

export const journeys: readonly Journey[] = [
  {
    id: 'angel',
    name: 'Angel One SmartAPI',
    simulator: angel,
    register: { apiKey: 'demoapikey', apiSecret: '', redirectUrl: '', userId: angel.demoUser.userId },
    app: { apiKey: 'demoapikey' },
    secretApp: {},
    fields: {
      clientCode: angel.demoUser.userId,
      localIp: '192.168.1.2',
      publicIp: '203.0.113.7',
      macAddress: '02:00:00:00:00:01',
    },
    stored: { pin: angel.demoUser.pin ?? '', totpSeed: angel.demoUser.totpSeed },
    answers: (simulator) => [
      () => ({ pin: angel.demoUser.pin ?? '', totp: totpOf(simulator, angel.demoUser.totpSeed) }),
    ],
    wrongAnswers: (simulator) => [() => ({ pin: '9999', totp: totpOf(simulator, angel.demoUser.totpSeed) })],
    wrongSays: /Invalid clientcode or PIN/,
  },
]
