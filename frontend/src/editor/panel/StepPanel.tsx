import { Tabs } from '@mantine/core';
import { findStep, type Step } from '@sluice/shared/flow';
import { useState } from 'react';
import { useEditor } from '../store/editor-context.js';
import { ActionForm } from './ActionForm.js';
import { ApprovalForm, CallbackForm } from './AskForms.js';
import { BranchForm } from './BranchForm.js';
import { CodeForm } from './CodeForm.js';
import { ComputeForm } from './ComputeForm.js';
import { DataTree } from './DataTree.js';
import { RespondForm, StopForm } from './EndForms.js';
import { FieldFocusProvider } from './field-focus.js';
import { ForEachForm, RepeatForm } from './LoopForms.js';
import { failureWords, mayFail, OnFailureForm, WhenFailed } from './OnFailureForm.js';
import { OutputTab } from './OutputTab.js';
import { PanelHead } from './PanelHead.js';
import { FilterForm, TransformForm } from './ShapeForms.js';
import { StateForm } from './StateForm.js';
import { SubflowForm } from './SubflowForm.js';
import { TryTab } from '../trial/TryTab.js';
import { TriggerForm } from './TriggerForm.js';
import { WaitForm } from './WaitForm.js';
import { refusalsByStep } from '../store/refusing-places.js';
import { RefusedIn } from './RefusedIn.js';
import { useStepForm } from './use-step-form.js';
import classes from './StepPanel.module.css';

/** What one step does: its input with the data it can read, what happens on failure, and what it gives. */
export function StepPanel(props: { stepId: string; onClose: () => void }) {
  const step = useEditor((state) => findStep(state.document, props.stepId));
  if (!step) return null;
  return (
    <FieldFocusProvider>
      <OneStep step={step} onClose={props.onClose} />
    </FieldFocusProvider>
  );
}

function OneStep(props: { step: Step; onClose: () => void }) {
  const { step } = props;
  const form = useStepForm(step);
  const [tab, setTab] = useState<string | null>('input');
  const refusals = refusalsByStep(useEditor((state) => state.refusing)).get(step.id) ?? [];
  const declared = useDeclared(step);
  const hasOutput = step.kind !== 'stop' && step.kind !== 'respond' && step.kind !== 'wait';
  return (
    <section className={classes.panel} aria-label={`Step ${step.name ?? step.id}`}>
      <PanelHead step={step} onClose={props.onClose} />
      <Tabs value={tab} onChange={setTab} className={classes.tabs} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="input">{hasSettings(step) ? 'Settings' : 'Input'}</Tabs.Tab>
          {mayFail(step) && (
            <Tabs.Tab value="failure">
              On failure <span className={classes.tabNote}>{failureWords(step)}</span>
            </Tabs.Tab>
          )}
          {hasOutput && <Tabs.Tab value="output">Output</Tabs.Tab>}
          <Tabs.Tab value="try">Try</Tabs.Tab>
        </Tabs.List>
        <div key={tab} className={classes.scroll}>
          <Tabs.Panel value="input">
            <div className={classes.form}>
              <GeneralProblems step={step} />
              {refusals.length > 0 && (
                <div className={classes.refused}>
                  <RefusedIn places={refusals} />
                </div>
              )}
              <InputForm step={step} form={form} declared={declared} />
            </div>
            {step.kind !== 'trigger' && step.kind !== 'callback' && <DataTree {...form.inside} />}
          </Tabs.Panel>
          {mayFail(step) && (
            <Tabs.Panel value="failure">
              <div className={classes.form}>
                {step.kind === 'action' ? (
                  <OnFailureForm form={{ ...form, step }} />
                ) : (
                  <WhenFailed form={{ ...form, step }} />
                )}
              </div>
            </Tabs.Panel>
          )}
          <Tabs.Panel value="try">
            <div className={classes.form}>
              <TryTab step={step} />
            </div>
          </Tabs.Panel>
          <Tabs.Panel value="output">
            <div className={classes.form}>
              <OutputTab
                step={step}
                schema={(declared.action ?? declared.computation)?.output ?? declared.trigger?.event ?? null}
              />
            </div>
          </Tabs.Panel>
        </div>
      </Tabs>
    </section>
  );
}

/** What is set on these is how they work, not what they work on. */
function hasSettings({ kind }: Step): boolean {
  return kind === 'trigger' || kind === 'forEach' || kind === 'repeat' || kind === 'callback';
}

/** What the connector says of the step's action, computation or trigger. */
function useDeclared(step: Step) {
  const connector = useEditor((state) =>
    step.kind === 'action'
      ? state.catalogue[state.document.slots[step.slot]?.connector ?? '']
      : step.kind === 'trigger' || step.kind === 'compute'
        ? state.catalogue[step.connector]
        : undefined,
  );
  return {
    action: step.kind === 'action' ? connector?.actions.find(({ id }) => id === step.action) : undefined,
    computation:
      step.kind === 'compute' ? connector?.computations.find(({ id }) => id === step.computation) : undefined,
    trigger: step.kind === 'trigger' ? connector?.triggers.find(({ id }) => id === step.trigger) : undefined,
  };
}

function InputForm(props: {
  step: Step;
  form: ReturnType<typeof useStepForm>;
  declared: ReturnType<typeof useDeclared>;
}) {
  const { step, form } = props;
  switch (step.kind) {
    case 'trigger':
      return <TriggerForm form={{ ...form, step }} trigger={props.declared.trigger} />;
    case 'action':
      return <ActionForm form={{ ...form, step }} action={props.declared.action} />;
    case 'compute':
      return <ComputeForm form={{ ...form, step }} computation={props.declared.computation} />;
    case 'transform':
      return <TransformForm form={{ ...form, step }} />;
    case 'filter':
      return <FilterForm form={{ ...form, step }} />;
    case 'branch':
      return <BranchForm form={{ ...form, step }} />;
    case 'wait':
      return <WaitForm form={{ ...form, step }} />;
    case 'respond':
      return <RespondForm form={{ ...form, step }} />;
    case 'stop':
      return <StopForm form={{ ...form, step }} />;
    case 'forEach':
      return <ForEachForm form={{ ...form, step }} />;
    case 'repeat':
      return <RepeatForm form={{ ...form, step }} />;
    case 'approval':
      return <ApprovalForm form={{ ...form, step }} />;
    case 'callback':
      return <CallbackForm form={{ ...form, step }} />;
    case 'subflow':
      return <SubflowForm form={{ ...form, step }} />;
    case 'state':
      return <StateForm form={{ ...form, step }} />;
    case 'code':
      return <CodeForm form={{ ...form, step }} />;
  }
}

/** Problems of the step as a whole; those of a field stand at the field. */
function GeneralProblems({ step }: { step: Step }) {
  const problems = useEditor((state) => state.problems);
  const general = problems.filter(
    (problem) => problem.step === step.id && (problem.path === undefined || problem.path.length === 0),
  );
  return general.map(({ message }) => (
    <p key={message} className={classes.problem}>
      {message}
    </p>
  ));
}
