import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Actions, Dialog } from '../../ui/dialog.tsx'
import { useWizard } from './wizard.ts'

/** Empties the wizard, once that is confirmed: it cannot be undone. */
export function StartOver() {
  const { startOver } = useWizard()
  const navigate = useNavigate()
  const [isAsked, ask] = useState(false)
  const onConfirm = () => {
    startOver()
    ask(false)
    void navigate({ to: '/connect', search: {} })
  }
  return (
    <>
      <Button look="quiet" onPress={() => ask(true)}>
        Start over
      </Button>
      <Dialog title="Start over?" isOpen={isAsked} onClose={() => ask(false)}>
        <p>Everything that is typed into the wizard is emptied. Nothing was saved yet.</p>
        <Actions>
          <Button onPress={() => ask(false)}>Keep it</Button>
          <Button look="danger" onPress={onConfirm}>
            Empty it
          </Button>
        </Actions>
      </Dialog>
    </>
  )
}
