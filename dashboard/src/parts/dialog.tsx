import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { words } from '../words/words.ts'
import { Button } from './button.tsx'

interface DialogProps {
  readonly title: string
  readonly onClose: () => void
  readonly children: ComponentChildren
  readonly isNarrow?: boolean | undefined
}

/** Where somebody has to say something, that is what they came for. */
const firstField = '.dialog-body :is(input, select, textarea):not([type="hidden"])'

/** The browser's own modal dialog: it keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, onClose, children, isNarrow }: DialogProps) {
  const self = useRef<HTMLDialogElement>(null)
  const titleId = useId()
  useEffect(() => {
    const dialog = self.current
    const before = document.activeElement
    dialog?.showModal()
    // The browser would take the button that closes it.
    if (!dialog?.querySelector('.dialog-body')?.contains(document.activeElement))
      dialog?.querySelector<HTMLElement>(firstField)?.focus()
    return () => {
      dialog?.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={self}
      class={isNarrow ? 'dialog dialog-narrow' : 'dialog'}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <header class="dialog-head">
        <h2 id={titleId}>{title}</h2>
        <Button look="quiet" label={words.forms.close} onPress={onClose}>
          <svg class="glyph" viewBox="0 0 20 20" aria-hidden="true">
            <path d="M5 5l10 10M15 5L5 15" />
          </svg>
        </Button>
      </header>
      <div class="dialog-body">{children}</div>
    </dialog>
  )
}
