import { openAuditLog } from '../audit/log.js';
import { brokerIds, loadBroker } from '../brokers/registry.js';
import { systemClock } from '../core/clock.js';
import { systemRandom } from '../core/random.js';
import { systemNet } from '../net/system.js';
import { Changes } from '../session/changes.js';
import { entryOf } from '../session/context.js';
import { Desk } from '../session/desk.js';
import { keep, tickMs } from '../session/keeper.js';
import { openStore } from '../stores/open.js';
import { openVault } from '../vault/open.js';
import { checkHosts } from './hosts.js';
import { loadMasterKey } from './master-key.js';
import { sandboxHosts } from './sandbox.js';
/** The principal of a trusted caller. */
export function fullRights(kind, id = '') {
    return { actor: { kind, id }, scopes: new Set(['admin']), accountIds: null };
}
/** @throws BhorError `store_…`, `key_…`, `config_invalid` */
export async function openApp(options) {
    const { config, clock = systemClock, random = systemRandom, net = systemNet, sandbox } = options;
    const log = options.log ?? (() => { });
    await checkHosts(config.hosts);
    await using opening = new AsyncDisposableStack();
    const store = opening.use(await openStore({ url: config.databaseUrl.reveal(), clock }));
    const { masterKey, newFile } = await loadMasterKey(config, store, random, options.askPassphrase);
    const { vault, created } = await openVault({ store, masterKey, random, clock });
    const changes = new Changes(clock.nowMs());
    let origin = `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`;
    const context = {
        store,
        vault,
        audit: openAuditLog({ store, vault, clock }),
        net,
        clock,
        random,
        changes,
        ...(sandbox ? { sandbox } : {}),
        redirectUrl: (broker) => `${origin}/callback/${broker}`,
        broker: loadBroker,
        hosts: (broker, kind) => hostsOf(broker, kind, config, context),
    };
    const desk = new Desk(context);
    const operator = fullRights('operator');
    const record = (actor, action, detail) => context.audit.record(entryOf(context, actor, undefined, { action, result: 'ok', ...(detail ? { detail } : {}) }));
    if (created) {
        await context.audit.record(entryOf(context, operator.actor, undefined, {
            action: 'vault.create',
            result: 'ok',
            detail: { key: vault.keyId },
        }));
    }
    await keep(context, { isAlone: store.engine === 'sqlite' });
    opening.use(startKeeper(desk, log));
    const parts = opening.move();
    return {
        config,
        desk,
        store,
        clock,
        random,
        brokerIds,
        newKeyFile: newFile,
        setOrigin(value) {
            origin = value;
        },
        get origin() {
            return origin;
        },
        operator,
        record,
        [Symbol.asyncDispose]: () => parts.disposeAsync(),
    };
}
function startKeeper(desk, log) {
    const { context } = desk;
    let isStopped = false;
    let running = Promise.resolve();
    let timer;
    const schedule = () => {
        timer = context.clock.after(tickMs, () => {
            running = keep(context, { isAlone: false })
                .then(() => desk.settleDoubts(() => isStopped))
                .catch((error) => log('error', 'The keeper could not look after the sessions.', { err: error }))
                .finally(() => {
                if (!isStopped)
                    schedule();
            });
        });
    };
    schedule();
    return {
        async [Symbol.asyncDispose]() {
            isStopped = true;
            timer?.[Symbol.dispose]();
            await running;
        },
    };
}
async function hostsOf(broker, kind, config, context) {
    if (kind === 'sandbox')
        return sandboxHosts(context, broker);
    return { ...broker.hosts, ...config.hosts[broker.id] };
}
