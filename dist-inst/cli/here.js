import { openApp } from '../app/open.js';
import { refuseUnsafeEnvironment } from '../config/environment.js';
import { socketPath } from '../config/home.js';
import { loadConfig } from '../config/load.js';
import { buildApi } from '../http/api.js';
import { DeskSessions } from '../http/desk-sessions.js';
import { WrongKeys } from '../http/wrong-keys.js';
import { askPassphrase } from './ask.js';
import { runningServer } from './connect.js';
import { dashboardFolder } from './dashboard-folder.js';
import { sayNewKey } from './new-key.js';
import { simulatorSandbox } from './sandbox.js';
import { terminal } from './terminal.js';
import { readReply } from './wire.js';
/**
 * The desk for one command: the running server, or, where none runs, a whole bhor in this process for as long as the
 * command lasts. `isListening` also opens the desk's port, which a login needs for the broker's redirect.
 */
export async function openDesk(options = {}) {
    const server = await runningServer();
    if (server)
        return server;
    refuseUnsafeEnvironment();
    const config = loadConfig();
    await using opening = new AsyncDisposableStack();
    const sandbox = opening.use(simulatorSandbox(config.simulatorPort, terminal.say));
    const app = opening.use(await openApp({ config, sandbox, ...(terminal.canAsk ? { askPassphrase } : {}) }));
    sayNewKey(app);
    if (options.isListening) {
        const { serveDesk } = await import('../http/server.js');
        opening.use(await serveDesk({ app, dashboardFolder, socketPath: socketPath(config.home) }));
    }
    const api = buildApi({
        app,
        sessions: new DeskSessions(app.clock, app.random),
        wrongKeys: new WrongKeys(app),
    });
    const parts = opening.move();
    return {
        where: 'here',
        async request(method, target, body) {
            const request = new Request(`http://bhor${target}`, {
                method,
                ...(body === undefined
                    ? {}
                    : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
            });
            const response = await api.fetch(request, { door: 'socket' });
            return readReply({ status: response.status, text: await response.text() });
        },
        [Symbol.asyncDispose]: () => parts.disposeAsync(),
    };
}
