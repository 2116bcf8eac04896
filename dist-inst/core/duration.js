const unitMs = { s: 1000, m: 60_000, h: 3_600_000 };
/** `90s`, `20m`, `1h` in milliseconds; undefined for anything else, also for a bare number. At most 24 hours. */
export function durationMs(text) {
    const match = /^(\d{1,5})([smh])$/.exec(text);
    if (!match)
        return undefined;
    const ms = Number(match[1]) * unitMs[match[2]];
    return ms <= 24 * unitMs.h ? ms : undefined;
}
