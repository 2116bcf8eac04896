import type { BrokerRegistry } from '../brokers/registry.ts'
import type { Config } from '../config/load.ts'
import { nearest } from '../config/options.ts'
import { BhorError } from '../core/errors.ts'

/** @throws BhorError `config_invalid` where `[hosts.<broker>]` names a broker or a role that there is not */
export async function checkHosts(hosts: Config['hosts'], registry: BrokerRegistry): Promise<void> {
  const known = registry.ids()
  for (const [id, roles] of Object.entries(hosts)) {
    if (!known.includes(id)) {
      const near = nearest(id, known)
      throw new BhorError('config_invalid', `config.toml: hosts.${id.slice(0, 40)} names no broker.`, {
        hint: near ? `Did you mean "${near}"?` : `Known brokers: ${known.join(', ')}.`,
      })
    }
    const broker = await registry.load(id)
    const unknown = Object.keys(roles).find((role) => !Object.hasOwn(broker.hosts, role))
    if (unknown === undefined) continue
    const wrong = `config.toml: hosts.${id}.${unknown.slice(0, 40)} is not a role of ${broker.name}.`
    throw new BhorError('config_invalid', wrong, {
      hint: `Its roles: ${Object.keys(broker.hosts).join(', ')}.`,
    })
  }
}
