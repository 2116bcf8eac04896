import { type ComponentChildren, createContext } from 'preact'
import { useContext, useMemo } from 'preact/hooks'
import { words } from '../words/words.ts'
import { Draft } from './drafts.ts'

const DraftOfForm = createContext<Draft | null>(null)

/** What this form keeps through Escape, a sign-out and a reload, until it is sent. Secrets are never kept. */
export function useDraft(form: string): Draft {
  return useMemo(() => new Draft(form), [form])
}

/** Of the form that a field stands in; null where nothing is kept. */
export function useDraftOfForm(): Draft | null {
  return useContext(DraftOfForm)
}

interface FormProps {
  readonly draft: Draft
  /** There are secret fields, of which nothing came back. */
  readonly hasSecrets?: boolean | undefined
  readonly onSend: (form: HTMLFormElement) => void
  readonly children: ComponentChildren
}

/** A form whose fields come back as they were left. */
export function Form({ draft, hasSecrets, onSend, children }: FormProps) {
  return (
    <DraftOfForm.Provider value={draft} key={draft.round.value}>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          onSend(event.currentTarget)
        }}
        noValidate
        autocomplete="off"
      >
        {draft.isRestored.value && (
          <p class="restored">
            {words.forms.restored} {hasSecrets && words.forms.withoutSecrets}{' '}
            <button type="button" class="button-inline" onClick={() => draft.startOver()}>
              {words.forms.startOver}
            </button>
          </p>
        )}
        {children}
      </form>
    </DraftOfForm.Provider>
  )
}
