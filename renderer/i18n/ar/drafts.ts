import type { Catalogue } from '../catalogue.ts';

/** As `english-drafts.ts`. */
export const drafts: Catalogue = {
  'draft.otherLabel': 'نسخة أخرى من هذا النص',
  'draft.other': 'نسخة أخرى من هذا النص، من {time}',
  'draft.use': 'استخدمها',
  'draft.both': 'جمع الاثنتين معًا',
  'draft.dismiss': 'تجاهل',
  'draft.earlier': 'نصوص سابقة…',
  'draft.earlierTitle': 'نصوص سابقة',
  'draft.earlierLead':
    'ما كان هنا واستُبدل أو حُذف دون إرسال. يُحفظ على هذا الجهاز {days, plural, zero {# يوم} one {يومًا واحدًا} two {يومين} few {# أيام} many {# يومًا} other {# يوم}}.',
  'draft.earlierLoading': 'جارٍ البحث…',
  'draft.earlierNone': 'لا شيء بعد.',
  'draft.restore': 'استعادة',
  'draft.restoreThis': 'استعادة نص {time}',
  'draft.left': 'لم تعد في هذه المحادثة.',
  'draft.leftKept': 'لم تعد في هذه المحادثة. ما بدأت كتابته محفوظ هنا.',
  'draft.leftLabel': 'النص الذي بدأته',
  'draft.copy': 'نسخ',
  'draft.copied': 'نُسخ',
};
