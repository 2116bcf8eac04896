import { useId } from 'preact/hooks'

interface FieldProps {
  readonly name: string
  readonly label: string
  readonly help?: string | undefined
  readonly error?: string | null | undefined
  readonly type?: 'text' | 'password' | 'url' | 'tel' | 'number' | 'date' | 'time' | undefined
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

/** One labelled input. What is typed stays in the input; forms read it when they are sent. */
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
        {!isRequired && <span class="field-optional"> optional</span>}
      </label>
      {help && (
        <p class="fine" id={`${id}-help`}>
          {help}
        </p>
      )}
      {isLong ? (
        <textarea {...shared} rows={3} />
      ) : (
        <input
          {...shared}
          type={type as 'text'}
          defaultValue={value ?? ''}
          inputMode={inputMode}
          autocomplete={autocomplete ?? 'off'}
          onInput={(event) => onChange?.(event.currentTarget.value)}
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
