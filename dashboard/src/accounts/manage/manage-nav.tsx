import { useEffect, useRef } from 'preact/hooks'
import { addressOf } from '../../place.ts'
import { words } from '../../words/manage.ts'
import { type ManageTab, manageTabs } from './tabs.ts'

interface NavProps {
  readonly account: string
  readonly tab: ManageTab
}

/** The way to each section: a strip to be pushed on a phone, a column beside the page on wider screens. */
export function ManageNav({ account, tab }: NavProps) {
  const self = useRef<HTMLElement>(null)
  const said = words.manage
  useEffect(() => {
    const [strip, link] = [self.current, self.current?.querySelector<HTMLElement>('[aria-current]')]
    if (strip == null || link == null) return
    strip.scrollLeft = link.offsetLeft - (strip.clientWidth - link.offsetWidth) / 2
  }, [tab])
  return (
    <nav class="manage-nav" aria-label={said.sections(account)} ref={self}>
      {manageTabs.map((each) => (
        <a
          key={each}
          href={addressOf('accounts', account, ...(each === 'overview' ? [] : [each]))}
          aria-current={each === tab ? 'page' : undefined}
          data-tab={each}
        >
          {said.tabs[each]}
        </a>
      ))}
    </nav>
  )
}
