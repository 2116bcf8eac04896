import type { Config } from '../config/load.ts';
/** @throws BhorError `config_invalid` where `[hosts.<broker>]` names a broker or a role that there is not */
export declare function checkHosts(hosts: Config['hosts']): Promise<void>;
