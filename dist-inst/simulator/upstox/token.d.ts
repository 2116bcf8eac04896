import type { World } from '../world.ts';
export interface IssuedToken {
    readonly token: string;
    readonly issuedAt: Temporal.Instant;
    readonly expiresAt: Temporal.Instant;
}
/** Makes the JSON web tokens of one simulated broker, signed with a key that nobody else has. */
export declare function tokenMaker(world: World): (kind: 'access' | 'extended', userId: string) => IssuedToken;
