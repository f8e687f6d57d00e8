import { client } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { go } from '../../../core/router.js';
import { Field } from '../../../ui/field.js';
import { Notice } from '../../../ui/notice.js';
import { useForm } from './use-form.js';

const next = () => go('/setup?step=athletes', { replace: true });

/** Today as the computer of this browser has it. */
const today = () => new Date().toLocaleDateString('sv');

/** Which meet? Makes the first race. */
export const MeetStep = {
  setup() {
    const fields = () => [
      { name: 'name', label: t('setup.meetName'), required: true, max: 200, autofocus: true },
      { name: 'date', label: t('setup.meetDate'), type: 'date', required: true },
      { name: 'location', label: t('setup.meetPlace'), required: true, max: 200 },
    ];
    const send = async ({ name, date, location: place }) => {
      await client.post('/api/races', { name: name.trim(), date, location: place.trim() });
      next();
    };
    const { form, errors, problem, busy, element, submit } = useForm({ name: '', date: today(), location: '' }, { fields, send });

    return () => html`<form class="stack" ref=${element} novalidate onSubmit=${submit}>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('setup.meetFailed')} text=${problem.value.message} />`}
      ${fields().map((field) => html`<${Field} key=${field.name} field=${field} form=${form} errors=${errors} prefix="setup-meet" />`)}
      <button type="submit" class="btn primary" disabled=${busy.value}>${t(busy.value ? 'form.saving' : 'setup.meetSubmit')}</button>
      <button type="button" class="btn" onClick=${next}>${t('setup.later')}</button>
    </form>`;
  },
};
