/** The beginning of an audit entry about `account`. */
export function entryOf(context, actor, account, rest) {
    return {
        atMs: context.clock.nowMs(),
        actor,
        ...(account ? { accountId: account.id, account: account.alias } : {}),
        ...rest,
    };
}
