import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Input as AriaInput, ComboBox, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components'
import { Button } from './button.tsx'
import { classes } from './classes.ts'
import fieldStyles from './field.module.css'
import styles from './look-up.module.css'

export interface Found {
  readonly id: string
  readonly name: string
  /** What tells it from others of the same name. */
  readonly note?: string
}

export interface LookUpProps {
  readonly label: string
  readonly placeholder?: string
  /** The name of what is chosen; null: nothing is. */
  readonly chosenName: string | null
  /** Called with null when what was chosen is taken away. */
  readonly onChoose: (found: Found | null) => void
  /** Under which the answers of `find` are kept. */
  readonly queryKey: readonly unknown[]
  readonly find: (text: string, signal: AbortSignal) => Promise<readonly Found[]>
}

const restMs = 150

/** A field that finds one of very many by a part of its name; what is chosen stands in its place until it is taken away. */
export function LookUp({ chosenName, ...props }: LookUpProps) {
  const [wasChosenHere, setWasChosenHere] = useState(false)
  if (chosenName === null) {
    const choose = (found: Found) => {
      setWasChosenHere(true)
      props.onChoose(found)
    }
    return <Finder {...props} onChoose={choose} />
  }
  return (
    <div className={fieldStyles.field}>
      <span className={fieldStyles.label}>{props.label}</span>
      <span className={classes(fieldStyles.input, styles.chosen)}>
        <span className={styles.name}>{chosenName}</span>
        <Button
          look="quiet"
          size="small"
          aria-label={`${props.label}: take ${chosenName} away`}
          // The focus was in the field that has just gone.
          autoFocus={wasChosenHere}
          onPress={() => props.onChoose(null)}
        >
          <X aria-hidden="true" size={16} />
        </Button>
      </span>
    </div>
  )
}

type FinderProps = Omit<LookUpProps, 'chosenName' | 'onChoose'> & { readonly onChoose: (found: Found) => void }

function Finder({ label, placeholder = '', onChoose, queryKey, find }: FinderProps) {
  const [typed, setTyped] = useState<string | null>(null)
  const text = useRested(typed?.trim() ?? '')
  const { data: items = [], isFetching } = useQuery({
    queryKey: [...queryKey, 'look-up', text],
    queryFn: ({ signal }) => find(text, signal),
    enabled: typed !== null,
    placeholderData: keepPreviousData,
  })
  return (
    <ComboBox
      className={fieldStyles.field ?? ''}
      items={items}
      inputValue={typed ?? ''}
      onInputChange={setTyped}
      onSelectionChange={(key) => {
        const found = items.find(({ id }) => id === key)
        if (found !== undefined) onChoose(found)
      }}
      onBlur={() => setTyped(null)}
      selectedKey={null}
      // What is typed is only to find by; nothing of it is taken over as it is.
      allowsCustomValue
      allowsEmptyCollection
      defaultFilter={() => true}
    >
      <Label className={fieldStyles.label ?? ''}>{label}</Label>
      <AriaInput className={fieldStyles.input ?? ''} placeholder={placeholder} spellCheck={false} />
      <Popover className={styles.popover ?? ''}>
        <ListBox
          items={items}
          className={styles.list ?? ''}
          renderEmptyState={() => (
            <p className={styles.empty}>{isFetching ? 'Looking…' : 'Nothing has such a name.'}</p>
          )}
        >
          {({ id, name, note }: Found) => (
            <ListBoxItem id={id} textValue={name} className={styles.item ?? ''}>
              <Text slot="label">{name}</Text>
              {note !== undefined && (
                <Text slot="description" className={styles.note ?? ''}>
                  {note}
                </Text>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  )
}

/** The value once it has not changed for a moment. */
function useRested(value: string): string {
  const [rested, setRested] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setRested(value), restMs)
    return () => clearTimeout(timer)
  }, [value])
  return rested
}
