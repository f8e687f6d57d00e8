import { ref, useId } from '../../../core/vue.js';
import { client, read } from '../../../core/api.js';
import { dashboard, dataChanged } from '../../../core/dashboard.js';
import { html } from '../../../core/html.js';
import { t } from '../../../core/i18n.js';
import { setQuery } from '../../../core/router.js';
import { may } from '../../../core/session.js';
import { icon } from '../../../ui/icon.js';
import { Notice } from '../../../ui/notice.js';
import { toast } from '../../../ui/toast.js';

const plain = (name) => name.trim().toLocaleLowerCase();

/** What is stored about one athlete, to be handed out, and the way to erase it: the name is typed, as there is no way back. */
export const PersonPrivacy = {
  props: { athlete: Object },
  setup(props) {
    const formId = useId();
    const typed = ref('');
    const isWrong = ref(false);
    const busy = ref(false);
    const problem = ref(null);

    const save = async () => {
      problem.value = null;
      busy.value = true;
      try {
        const { message, meta, ...sheet } = await read(`/api/athletes/${props.athlete.id}/personal-data`);
        const text = JSON.stringify({ ...sheet, storedBy: location.host, takenAt: meta.timestamp }, null, 2);
        dashboard.importService.downloadFile(new Blob([text], { type: 'application/json' }), `athlete-${props.athlete.id}.json`);
      } catch (error) {
        problem.value = { title: t('person.failed'), text: error.message };
      }
      busy.value = false;
    };

    const erase = async (event) => {
      event.preventDefault();
      problem.value = null;
      isWrong.value = plain(typed.value) !== plain(props.athlete.name);
      if (isWrong.value) return;
      busy.value = true;
      try {
        const { erased } = await client.post(`/api/athletes/${props.athlete.id}/erase`, { confirm: typed.value });
        toast(t('person.erased'), { text: erased.account ? t('person.account') : '', stays: Boolean(erased.account) });
        setQuery({ id: null, tab: null });
        dataChanged();
      } catch (error) {
        problem.value = { title: t('person.notErased'), text: error.message };
      }
      busy.value = false;
    };

    const question = () => html`<form class="stack g3" novalidate onSubmit=${erase}>
      <h3>${t('person.erase')}</h3>
      <p>${t('person.eraseText')}</p>
      <p>${t('person.year')}</p>
      <div class="field">
        <label for=${`${formId}-name`}>${t('person.confirm', { name: props.athlete.name })}</label>
        <input class="input" id=${`${formId}-name`} value=${typed.value} autocomplete="off" autocapitalize="none" spellcheck="false"
          aria-invalid=${isWrong.value ? 'true' : null} aria-describedby=${`${formId}-fault`}
          onInput=${(event) => { typed.value = event.target.value; isWrong.value = false; }} />
        ${isWrong.value && html`<span class="err" id=${`${formId}-fault`} role="alert">${t('person.wrong')}</span>`}
      </div>
      <div class="cluster"><button type="submit" class="btn danger" disabled=${busy.value}>${t('person.eraseNow')}</button></div>
    </form>`;

    return () => html`<section class="stack g5">
      <div class="stack g3">
        <h3>${t('person.sheet')}</h3>
        <p>${t('person.sheetText')}</p>
        <div class="cluster"><button type="button" class="btn" disabled=${busy.value} onClick=${save}>
          ${icon('download')}${t('person.save')}</button></div>
      </div>
      ${problem.value && html`<${Notice} tone="bad" alert title=${problem.value.title} text=${problem.value.text} />`}
      ${may('athletes.erase') && question()}
    </section>`;
  },
};
