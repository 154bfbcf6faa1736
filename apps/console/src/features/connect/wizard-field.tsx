import { Link } from '@tanstack/react-router'
import { TextField, type TextFieldProps } from '../../ui/field.tsx'
import type { FieldName, ToldMistake } from './fields.ts'
import { useWizard } from './wizard.ts'

/** A field of the wizard: it is found by its name, and shows what is wrong with it. */
export function WizardField({ name, ...props }: Omit<TextFieldProps, 'name' | 'error'> & { readonly name: FieldName }) {
  const mistake = useWizard().mistakeOf(name)
  return (
    <TextField
      autoComplete="off"
      {...props}
      name={name}
      {...(mistake && { error: <MistakeText mistake={mistake} /> })}
    />
  )
}

function MistakeText({ mistake: { text, connectionId } }: { readonly mistake: ToldMistake }) {
  if (connectionId === null) return text
  return (
    <>
      {text}{' '}
      <Link to="/connections/$connectionId" params={{ connectionId }}>
        Show that application
      </Link>
    </>
  )
}
