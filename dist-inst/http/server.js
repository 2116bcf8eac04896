import { buildApi } from './api.js';
import { handleCallback } from './callback.js';
import { dashboardFiles } from './dashboard.js';
import { DeskSessions } from './desk-sessions.js';
import { directAnswers } from './direct.js';
import { guardedServer } from './guard.js';
import { closeServer, listenOnPort, listenOnSocket } from './listen.js';
import { loginAsset } from './pages.js';
import { WrongKeys } from './wrong-keys.js';
/** Opens the desk's two doors. @throws BhorError `port_in_use`, `config_invalid`, `store_foreign` */
export async function serveDesk(options) {
    const { app } = options;
    const sessions = new DeskSessions(app.clock, app.random);
    const parts = { app, sessions, wrongKeys: new WrongKeys(app), ...(options.log ? { log: options.log } : {}) };
    const api = buildApi(parts);
    const directly = directAnswers(parts);
    const files = dashboardFiles(options.dashboardFolder);
    const handle = (door) => (request) => {
        const { pathname } = new URL(request.url);
        if (door === 'desk') {
            const asset = request.method === 'GET' ? (loginAsset(pathname) ?? files(pathname)) : undefined;
            if (asset)
                return asset;
            const [, broker] = /^\/callback\/([a-z0-9-]{1,32})$/.exec(pathname) ?? [];
            if (broker !== undefined)
                return handleCallback(app, broker, request);
        }
        return api.fetch(request, { door });
    };
    let own = [];
    const open = (door) => {
        const adapted = adaptedTo(handle(door));
        const handlerOf = (admitted) => directly(admitted) ?? adapted;
        return guardedServer({ door, own: () => own, random: app.random, handlerOf });
    };
    await using opening = new AsyncDisposableStack();
    const desk = open('desk');
    await listenOnPort(desk, app.config.port, app.config.host);
    opening.adopt(desk, closeServer);
    const { port } = desk.address();
    const host = app.config.host.includes(':') ? `[${app.config.host}]` : app.config.host;
    own = [`${host}:${port}`];
    app.setOrigin(`http://${host}:${port}`);
    if (options.socketPath !== undefined) {
        const socket = open('socket');
        await listenOnSocket(socket, options.socketPath);
        opening.adopt(socket, closeServer);
    }
    const servers = opening.move();
    return {
        origin: app.origin,
        sessions,
        async [Symbol.asyncDispose]() {
            // Pages that wait for news get an answer, so that they do not hold up the end.
            app.desk.context.changes.announce();
            await servers.disposeAsync();
        },
    };
}
/** The adapter to `Request` and `Response` brings Node's fetch with it: loaded when the first request needs it. */
function adaptedTo(handle) {
    let adapted;
    const adapt = async () => {
        const { getRequestListener } = await import('@hono/node-server');
        const listener = getRequestListener(handle, { overrideGlobalObjects: false });
        return (request, response) => void listener(request, response);
    };
    return (request, response) => {
        adapted ??= adapt();
        void adapted.then((listener) => listener(request, response));
    };
}
