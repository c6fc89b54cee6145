import type { Catalogue } from '../catalogue.ts';

/** As `english-export.ts`. */
export const ownData: Catalogue = {
  'mydata.menu': 'تصدير بياناتك…',
  'mydata.title': 'تصدير بياناتك',
  'mydata.lead':
    'كل محادثة لـ {name} كصفحة للقراءة وكملف JSON، مع ملفاتها، في مجلد تختاره. ما ليس على هذا الجهاز يُجلب من الخادم أولًا.',
  'mydata.begin': 'اختيار مجلد…',
  'mydata.again': 'التصدير مجددًا…',
  'mydata.check': 'فحص تصدير…',
  'mydata.cancel': 'إلغاء',
  'mydata.fetching': 'جارٍ جلب ما ليس على هذا الجهاز: {done} من {of} قيدًا',
  'mydata.conversations': 'جارٍ كتابة المحادثات: {done} من {of} قيدًا',
  'mydata.files': 'جارٍ كتابة الملفات: {done} من {of}',
  'mydata.closing': 'جارٍ كتابة الصفحات: {done} من {of} قيدًا',
  'mydata.resumed': 'يتابع من حيث انتهى تصدير سابق.',
  'mydata.done':
    '{messages, plural, zero {لا رسائل} one {رسالة واحدة} two {رسالتان} few {# رسائل} many {# رسالة} other {# رسالة}} في {conversations, plural, zero {# محادثة} one {محادثة واحدة} two {محادثتين} few {# محادثات} many {# محادثة} other {# محادثة}} و{files, plural, zero {لا ملفات} one {ملف واحد} two {ملفان} few {# ملفات} many {# ملفًا} other {# ملف}}، {size}.',
  'mydata.missingEntries':
    '{count, plural, zero {لا قيود غائبة.} one {قيد واحد لم يكن هنا ولا على الخادم.} two {قيدان لم يكونا هنا ولا على الخادم.} few {# قيود لم تكن هنا ولا على الخادم.} many {# قيدًا لم تكن هنا ولا على الخادم.} other {# قيد لم تكن هنا ولا على الخادم.}}',
  'mydata.unansweredEntries':
    '{count, plural, zero {لا قيود ناقصة.} one {قيد واحد ناقص: ليس على هذا الجهاز ولم يجب الخادم.} two {قيدان ناقصان: ليسا على هذا الجهاز ولم يجب الخادم.} few {# قيود ناقصة: ليست على هذا الجهاز ولم يجب الخادم.} many {# قيدًا ناقصًا: ليست على هذا الجهاز ولم يجب الخادم.} other {# قيد ناقص: ليست على هذا الجهاز ولم يجب الخادم.}} صدّر مجددًا عندما يجيب.',
  'mydata.missingFiles':
    '{count, plural, zero {لا ملفات غائبة.} one {ملف واحد لم يكن هنا ولا على الخادم.} two {ملفان لم يكونا هنا ولا على الخادم.} few {# ملفات لم تكن هنا ولا على الخادم.} many {# ملفًا لم تكن هنا ولا على الخادم.} other {# ملف لم تكن هنا ولا على الخادم.}} تذكرها الصفحات.',
  'mydata.cancelled': 'أُلغي. اختر المجلد نفسه للمتابعة.',
  'mydata.failed': 'انتهى التصدير: {reason} اختر المجلد نفسه للمتابعة.',
  'mydata.reveal': 'عرض في المجلد',
  'mydata.progress': 'التصدير',
  'mydata.checking': 'جارٍ قراءة الكل…',
  'mydata.whole': 'هذا التصدير كامل.',
  'mydata.broken':
    '{count, plural, zero {لا ملف فيه خلل:} one {ملف واحد ليس كما ينبغي:} two {ملفان ليسا كما ينبغي:} few {# ملفات ليست كما ينبغي:} many {# ملفًا ليس كما ينبغي:} other {# ملف ليس كما ينبغي:}}',
  'mydata.of': 'لـ {name} على {server}، كُتب {when}.',
  'mydata.fault.missing': '{path} مفقود',
  'mydata.fault.changed': '{path} تغيّر',
  'mydata.fault.unknown': '{path} ليس جزءًا منه',
  'mydata.fault.count': 'ليس في {path} عدد القيود الذي ينبغي',
};
