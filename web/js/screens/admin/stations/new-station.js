import { reactive, ref } from '../../../core/vue.js';
import { client } from '../../../core/api.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { Field } from '../../../ui/field.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';

const ROLES = ['official', 'starter'];
const DAYS = ['1', '2', '3'];

/** Makes a station link for one event. Emits `made` with what the server shows this once. */
export const NewStation = {
  props: { eventId: { type: Number, required: true } },
  emits: ['made'],
  setup(props, { emit }) {
    const form = reactive({ role: ROLES[0], label: '', days: DAYS[0] });
    const errors = reactive({});
    const problem = ref('');
    const busy = ref(false);
    const fields = () => [
      { name: 'role', label: t('stations.does'), half: true, options: ROLES.map((role) => ({ value: role, label: t(`stations.does.${role}`) })) },
      { name: 'days', label: t('stations.lasts'), half: true, options: DAYS.map((days) => ({ value: days, label: t(`stations.lasts.${days}`) })) },
      { name: 'label', label: t('stations.label'), hint: t('stations.labelHint'), max: 100 },
    ];
    const submit = async (event) => {
      event.preventDefault();
      busy.value = true;
      problem.value = '';
      try {
        const body = { eventId: props.eventId, role: form.role, days: Number(form.days), label: form.label.trim() || null };
        emit('made', await client.post('/api/stations', body));
        form.label = '';
      } catch (error) {
        problem.value = error.message;
      }
      busy.value = false;
    };
    return () => html`<form class="stack g3" novalidate onSubmit=${submit}>
      ${problem.value && html`<${Notice} tone="bad" alert title=${t('stations.notMade')} text=${problem.value} />`}
      <div class="form-grid">${fields().map((field) => html`<${Field} key=${field.name} field=${field} form=${form} errors=${errors} prefix="station" />`)}</div>
      <button type="submit" class="btn primary start" disabled=${busy.value}>${icon('phone')}${t('stations.make')}</button>
    </form>`;
  },
};
