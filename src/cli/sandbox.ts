import type { Sandbox, SimulatedBrokerModule } from '../contracts/sandbox.ts'

/** The simulator for sandbox accounts, loaded and started when the first one needs it. */
export interface SimulatorSandbox extends AsyncDisposable {
  /** With the simulators that adapters from outside bring. */
  over(modules: readonly SimulatedBrokerModule[]): Sandbox
}

export function simulatorSandbox(port: number, say: (text: string) => void): SimulatorSandbox {
  let starting: ReturnType<typeof start> | undefined
  const start = async (found: readonly SimulatedBrokerModule[]) => {
    const { moduleOf, startSimulator } = await import('../simulator/index.ts')
    const simulator = await startSimulator({ port, banner: () => {}, modules: found.map(moduleOf) })
    say(
      `The simulator for sandbox accounts runs at ${simulator.url}. It is not a broker; no real money is near it.`,
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
        adopt: async ({ expiresAtMs, ...session }) =>
          (await running()).adoptSession({
            ...session,
            expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAtMs),
          }),
      }
    },
    async [Symbol.asyncDispose]() {
      if (starting) await (await starting.catch(() => undefined))?.close()
    },
  }
}
