/** The simulator for sandbox accounts, loaded and started when the first one needs it. */
export function simulatorSandbox(port, say) {
    let starting;
    const start = async () => {
        const { startSimulator } = await import('../simulator/index.js');
        const simulator = await startSimulator({ port, banner: () => { } });
        say(`The simulator for sandbox accounts runs at ${simulator.url}. It is not a broker; no real money is near it.`);
        return simulator;
    };
    const running = () => {
        starting ??= start().catch((error) => {
            starting = undefined;
            throw error;
        });
        return starting;
    };
    return {
        hosts: async (broker) => (await running()).hosts(broker),
        register: async (app) => (await running()).registerApp(app),
        adopt: async ({ expiresAtMs, ...session }) => (await running()).adoptSession({
            ...session,
            expiresAt: Temporal.Instant.fromEpochMilliseconds(expiresAtMs),
        }),
        async [Symbol.asyncDispose]() {
            if (starting)
                await (await starting.catch(() => undefined))?.close();
        },
    };
}
