import { brokerIds, loadBroker } from '../brokers/registry.js';
import { nearest } from '../config/options.js';
import { BhorError } from '../core/errors.js';
/** @throws BhorError `config_invalid` where `[hosts.<broker>]` names a broker or a role that there is not */
export async function checkHosts(hosts) {
    for (const [id, roles] of Object.entries(hosts)) {
        if (!brokerIds.includes(id)) {
            const near = nearest(id, brokerIds);
            throw new BhorError('config_invalid', `config.toml: hosts.${id.slice(0, 40)} names no broker.`, {
                hint: near ? `Did you mean "${near}"?` : `Known brokers: ${brokerIds.join(', ')}.`,
            });
        }
        const broker = await loadBroker(id);
        const unknown = Object.keys(roles).find((role) => !(role in broker.hosts));
        if (unknown === undefined)
            continue;
        const wrong = `config.toml: hosts.${id}.${unknown.slice(0, 40)} is not a role of ${broker.name}.`;
        throw new BhorError('config_invalid', wrong, {
            hint: `Its roles: ${Object.keys(broker.hosts).join(', ')}.`,
        });
    }
}
