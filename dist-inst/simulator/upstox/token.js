import { createHmac } from 'node:crypto';
import { nextIst } from '../../core/ist.js';
import { uuid } from '../tokens.js';
/** "A token created at 2:30 AM on Wednesday will still expire at 3:30 AM on the same Wednesday." */
const dayEnds = '03:30';
const extendedDays = 365;
/** Makes the JSON web tokens of one simulated broker, signed with a key that nobody else has. */
export function tokenMaker(world) {
    const key = world.random.bytes(32);
    return (kind, userId) => {
        const issuedAt = world.now();
        const expiresAt = nextIst(dayEnds, kind === 'access' ? issuedAt : issuedAt.add({ hours: 24 * extendedDays }));
        const head = { typ: 'JWT', kid: 'simulator', alg: 'HS256' };
        const claims = {
            sub: userId,
            jti: uuid(world.random),
            isMultiClient: false,
            isPlusPlan: false,
            ...(kind === 'extended' && { isExtended: true }),
            iat: Math.floor(issuedAt.epochMilliseconds / 1000),
            iss: 'udapi-gateway-service',
            exp: Math.floor(expiresAt.epochMilliseconds / 1000),
        };
        const content = [head, claims]
            .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
            .join('.');
        return {
            token: `${content}.${createHmac('sha256', key).update(content).digest('base64url')}`,
            issuedAt,
            expiresAt,
        };
    };
}
