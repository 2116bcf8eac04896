/** `demo9` before `demo10`. */
export const byName = new Intl.Collator('en', { numeric: true }).compare
