import type { ReactNode } from 'react'
import {
  Checkbox as AriaCheckbox,
  Input as AriaInput,
  SearchField as AriaSearchField,
  Switch as AriaSwitch,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
  FieldError,
  Label,
  Radio,
  RadioGroup,
  Text,
} from 'react-aria-components'
import { definedOnly } from '../api/defined.ts'
import { classes } from './classes.ts'
import styles from './field.module.css'

interface FieldProps {
  readonly label: string
  /** What to write here, said before anything is wrong. */
  readonly description?: ReactNode
  /** What is wrong and what to do about it. */
  readonly error?: ReactNode
  readonly isRequired?: boolean
  readonly isDisabled?: boolean
}

export interface TextFieldProps extends FieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onBlur?: () => void
  readonly name?: string
  readonly type?: 'text' | 'password' | 'email' | 'number'
  readonly placeholder?: string
  readonly autoComplete?: string
  readonly isReadOnly?: boolean
  /** So many lines; one when absent. */
  readonly rows?: number
  /** Text of the program, such as keys and patterns. */
  readonly isCode?: boolean
}

/** A field for text, with its description before it and its error behind it, both read out with the field. */
export function TextField(props: TextFieldProps) {
  const { label, description, error, rows, isCode = false, placeholder, isRequired, ...field } = props
  const inputClass = classes(styles.input, isCode && styles.code)
  return (
    <AriaTextField
      {...definedOnly(field)}
      {...(isRequired !== undefined && { isRequired })}
      validationBehavior="aria"
      isInvalid={hasContent(error)}
      className={styles.field ?? ''}
    >
      <FieldLabel label={label} isRequired={isRequired} />
      {hasContent(description) && (
        <Text slot="description" className={styles.description ?? ''}>
          {description}
        </Text>
      )}
      {rows === undefined ? (
        <AriaInput className={inputClass} spellCheck={false} {...(placeholder !== undefined && { placeholder })} />
      ) : (
        <AriaTextArea
          className={inputClass}
          rows={rows}
          spellCheck={false}
          {...(placeholder !== undefined && { placeholder })}
        />
      )}
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </AriaTextField>
  )
}

/** A field to search by; Escape empties it. */
export function SearchField({
  label,
  value,
  onChange,
  placeholder = '',
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
}) {
  return (
    <AriaSearchField value={value} onChange={onChange} className={styles.search ?? ''} aria-label={label}>
      <AriaInput className={styles.input ?? ''} placeholder={placeholder} spellCheck={false} />
    </AriaSearchField>
  )
}

export interface Option {
  readonly value: string
  readonly label: string
  readonly description?: ReactNode
  /** Why it cannot be chosen. */
  readonly disabledBecause?: string
}

export interface ChoiceProps extends FieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly options: readonly Option[]
}

/** One of a few, all of them seen; those that cannot be chosen say why. */
export function Choice({ label, description, error, options, value, onChange, isDisabled = false }: ChoiceProps) {
  return (
    <RadioGroup
      value={value}
      onChange={onChange}
      isDisabled={isDisabled}
      isInvalid={hasContent(error)}
      validationBehavior="aria"
      className={styles.field ?? ''}
    >
      <Label className={styles.label ?? ''}>{label}</Label>
      {hasContent(description) && (
        <Text slot="description" className={styles.description ?? ''}>
          {description}
        </Text>
      )}
      <div className={styles.options}>
        {options.map((option) => (
          <Radio
            key={option.value}
            value={option.value}
            isDisabled={option.disabledBecause !== undefined}
            className={styles.option ?? ''}
          >
            <span className={styles.dot} aria-hidden="true" />
            <span>
              {option.label}
              {(option.disabledBecause ?? option.description) !== undefined && (
                <span className={styles.optionText}>{option.disabledBecause ?? option.description}</span>
              )}
            </span>
          </Radio>
        ))}
      </div>
      <FieldError className={styles.error ?? ''}>{error}</FieldError>
    </RadioGroup>
  )
}

/** One of several, by the select of the browser: it is best on every device and for every reader. */
export function Select({ label, description, error, options, value, onChange, isDisabled = false }: ChoiceProps) {
  const id = `select-${label.replaceAll(/\W+/g, '-').toLowerCase()}`
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      {hasContent(description) && (
        <span className={styles.description} id={`${id}-description`}>
          {description}
        </span>
      )}
      <select
        id={id}
        className={styles.input}
        value={value}
        disabled={isDisabled}
        aria-invalid={hasContent(error)}
        aria-describedby={`${id}-description ${id}-error`}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabledBecause !== undefined}>
            {option.label}
          </option>
        ))}
      </select>
      {hasContent(error) && (
        <span className={styles.error} id={`${id}-error`}>
          {error}
        </span>
      )}
    </div>
  )
}

export interface TickProps {
  readonly children: ReactNode
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
  readonly isDisabled?: boolean
  readonly isIndeterminate?: boolean
}

export function Checkbox({ children, ...props }: TickProps) {
  return (
    <AriaCheckbox {...definedOnly(props)} className={styles.tick ?? ''}>
      <span className={styles.box} aria-hidden="true" />
      <span>{children}</span>
    </AriaCheckbox>
  )
}

/** What takes effect at once, or is off for good; a choice that is saved later is a `Checkbox`. */
export function Switch({ children, isIndeterminate: _, ...props }: TickProps) {
  return (
    <AriaSwitch {...definedOnly(props)} className={styles.tick ?? ''}>
      <span className={styles.track} aria-hidden="true" />
      <span>{children}</span>
    </AriaSwitch>
  )
}

function FieldLabel({ label, isRequired }: { readonly label: string; readonly isRequired: boolean | undefined }) {
  return (
    <Label className={styles.label ?? ''}>
      {label}
      {isRequired === false && <span className={styles.optional}> (optional)</span>}
    </Label>
  )
}

function hasContent(node: ReactNode): boolean {
  return node !== undefined && node !== null && node !== '' && node !== false
}
