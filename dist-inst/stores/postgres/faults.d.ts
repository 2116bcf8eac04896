/** A conflict with another transaction: nothing was changed, and the same work may succeed at once. */
export declare class SerializationFault extends Error {
    readonly name = "SerializationFault";
}
/**
 * An error of `pg` in our words. Its own texts may quote values and addresses; they stay in `cause`.
 * What has no SQLSTATE comes from the connection.
 */
export declare function postgresFault(error: unknown): unknown;
