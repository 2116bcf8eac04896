/**
 * Where what had the focus is drawn no more, its account gets it: a line that becomes a card, a button that is pressed
 * and goes. Otherwise the focus would fall to the top of the page.
 */
export function keepFocus(root: HTMLElement): void {
  let last: { readonly element: Element; readonly account: string } | null = null
  root.addEventListener('focusin', ({ target }) => {
    const element = target as Element
    const account = accountAround(element)
    last = account === null ? null : { element, account }
  })
  root.addEventListener('focusout', ({ target, relatedTarget }) => {
    // Somebody has gone elsewhere.
    if (relatedTarget === null && (target as Element).isConnected) last = null
  })
  new MutationObserver(() => {
    if (last === null || last.element.isConnected || document.activeElement !== document.body) return
    const { account } = last
    last = null
    root
      .querySelector(`[data-account="${CSS.escape(account)}"]`)
      ?.querySelector<HTMLElement>('button:not(:disabled), a[href]')
      ?.focus()
  }).observe(root, { childList: true, subtree: true })
}

function accountAround(element: Element): string | null {
  return element.closest<HTMLElement>('[data-account]')?.dataset.account ?? null
}
