import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useId, useRef } from 'preact/hooks'

interface TabsProps {
  readonly label: string
  readonly tabs: readonly { readonly name: string; readonly content: () => ComponentChildren }[]
}

/** Tabs with the arrow keys of the ARIA pattern. Only the open one is rendered. */
export function Tabs({ label, tabs }: TabsProps) {
  const open = useSignal(0)
  const list = useRef<HTMLDivElement>(null)
  const id = useId()
  const move = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    open.value = (open.value + step + tabs.length) % tabs.length
    list.current?.querySelectorAll('button')[open.value]?.focus()
  }
  const index = Math.min(open.value, tabs.length - 1)
  return (
    <div class="tabs">
      <div class="tab-list" role="tablist" aria-label={label} ref={list} onKeyDown={move}>
        {tabs.map((tab, at) => (
          <button
            type="button"
            role="tab"
            key={tab.name}
            id={`${id}-${at}`}
            aria-selected={at === index}
            aria-controls={`${id}-panel`}
            tabIndex={at === index ? 0 : -1}
            onClick={() => {
              open.value = at
            }}
          >
            {tab.name}
          </button>
        ))}
      </div>
      <div
        class="tab-panel"
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${index}`}
        key={index}
      >
        {tabs[index]?.content()}
      </div>
    </div>
  )
}
