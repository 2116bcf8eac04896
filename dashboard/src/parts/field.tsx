import { useId } from 'preact/hooks'
import { words } from '../words/words.ts'
import { useDraftOfForm } from './form.tsx'

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly help?: string | undefined
  readonly error?: string | null | undefined
  readonly type?:
    | 'text'
    | 'password'
    | 'url'
    | 'tel'
    | 'number'
    | 'date'
    | 'time'
    | 'datetime-local'
    | undefined
  readonly value?: string | undefined
  readonly isRequired?: boolean | undefined
  /** What is pasted may be of several lines. */
  readonly isLong?: boolean | undefined
  /** Which keyboard a phone shows. */
  readonly inputMode?: 'numeric' | undefined
  /** What the browser may fill in by itself. */
  readonly autocomplete?: 'one-time-code' | undefined
  readonly onChange?: ((value: string) => void) | undefined
}

/** One labelled input. What is typed stays in the input, and in the draft of its form; forms read it when they are sent. */
export function Field({
  name,
  label,
  help,
  error,
  type = 'text',
  value,
  isRequired,
  isLong,
  inputMode,
  autocomplete,
  onChange,
}: FieldProps) {
  const id = useId()
  const ofForm = useDraftOfForm()
  const draft = type === 'password' ? null : ofForm
  const text = draft?.valueOf(name) ?? value ?? ''
  const onInput = ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) => {
    const typed = currentTarget.value
    draft?.keep(name, typed === (value ?? '') ? undefined : typed)
    onChange?.(typed)
  }
  const described = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  const shared = {
    id,
    name,
    'aria-required': isRequired === true,
    'aria-invalid': Boolean(error),
    'aria-describedby': described || undefined,
    autocapitalize: 'none',
    spellcheck: false,
  } as const
  return (
    <div class="field">
      <label for={id}>
        {label}
        {!isRequired && <span class="field-optional"> {words.forms.optional}</span>}
      </label>
      {help && (
        <p class="fine" id={`${id}-help`}>
          {help}
        </p>
      )}
      {isLong ? (
        <textarea {...shared} rows={3} defaultValue={text} onInput={onInput} />
      ) : (
        <input
          {...shared}
          type={type as 'text'}
          defaultValue={text}
          inputMode={inputMode}
          autocomplete={autocomplete ?? 'off'}
          onInput={onInput}
        />
      )}
      {error && (
        <p class="field-error" id={`${id}-error`} role="alert">
          {error}
        </p>
      )}
    </div>
  )
}
