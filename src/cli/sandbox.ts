import type { Sandbox, SimulatedBrokerModule } from '../contracts/sandbox.ts'
import { type Clock, systemClock } from '../core/clock.ts'
import { ShiftedClock } from '../core/shifted-clock.ts'

/** The simulator for sandbox accounts, loaded and started when the first one needs it. */
export interface SimulatorSandbox extends AsyncDisposable {
  /** With the simulators that adapters from outside bring. */
  over(modules: readonly SimulatedBrokerModule[]): Sandbox
  /** Does on a login page what a person would, once the simulator runs. @returns where the browser ends */
  logIn(broker: string, loginUrl: string): Promise<string | undefined>
}

export function simulatorSandbox(
  port: number,
  say: (text: string) => void,
  clock: Clock = systemClock,
): SimulatorSandbox {
  let starting: ReturnType<typeof start> | undefined
  const start = async (found: readonly SimulatedBrokerModule[]) => {
    const { moduleOf, startSimulator } = await import('../simulator/index.ts')
    const simulator = await startSimulator({ port, banner: () => {}, modules: found.map(moduleOf), clock })
    say(
      `The simulator for sandbox accounts runs at ${simulator.url}. It is not a broker; no real money is near it.`,
    )
    if (clock instanceof ShiftedClock)
      say(
        `Its clock is bhor’s own, and can be set on: curl -s ${simulator.url}/control/clock -H 'content-type: application/json' -d '{"advanceMs":3600000}'`,
      )
    return simulator
  }
  return {
    over(modules) {
      const running = () => {
        starting ??= start(modules).catch((error: unknown) => {
          starting = undefined
          throw error
        })
        return starting
      }
      return {
        hosts: async (broker) => (await running()).hosts(broker),
        register: async (app) => (await running()).registerApp(app),
        notifyAt: async (app) => (await running()).notifyAt(app),
        adopt: async ({ expiresAtMs, ...session }) =>
          (await running()).adoptSession({
            ...session,
            expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAtMs),
          }),
      }
    },
    logIn: async (broker, loginUrl) => (await starting)?.logIn(broker, loginUrl),
    async [Symbol.asyncDispose]() {
      if (starting) await (await starting.catch(() => undefined))?.close()
    },
  }
}
