import type { Catalogue } from '../catalogue.ts';

/** As `english-outbox.ts`. */
export const outbox: Catalogue = {
  'outbox.title': 'صندوق الصادر',
  'outbox.lead': 'ما كتبته وفعلته هنا إلى أن يصل الخادم. يُرسل من تلقاء نفسه.',
  'outbox.open':
    '{count, plural, zero {لا شيء ينتظر الإرسال} one {عنصر واحد ينتظر الإرسال} two {عنصران ينتظران الإرسال} few {# عناصر تنتظر الإرسال} many {# عنصرًا ينتظر الإرسال} other {# عنصر ينتظر الإرسال}}',
  'outbox.openFailed':
    '{count, plural, zero {لا شيء لم يُرسل} one {عنصر واحد لم يُرسل} two {عنصران لم يُرسلا} few {# عناصر لم تُرسل} many {# عنصرًا لم يُرسل} other {# عنصر لم يُرسل}}',
  'outbox.few':
    '{count, plural, zero {لا شيء ينتظر} one {واحد ينتظر} two {اثنان ينتظران} few {# تنتظر} many {# ينتظر} other {# ينتظر}}',
  'outbox.empty': 'لا شيء ينتظر. أُرسل كل ما كتبته.',
  'outbox.loading': 'جارٍ معرفة ما ينتظر…',
  'outbox.more':
    '{count, plural, zero {لا شيء خلفها} one {واحد آخر ينتظر خلفها} two {اثنان آخران ينتظران خلفها} few {# أخرى تنتظر خلفها} many {# أخرى تنتظر خلفها} other {# أخرى تنتظر خلفها}}',
  'outbox.all': 'اختيار الكل',
  'outbox.choose': 'اختيار: {text}',
  'outbox.chosen':
    '{count, plural, zero {لم يُختر شيء} one {اختير واحد} two {اختير اثنان} few {اختير #} many {اختير #} other {اختير #}}',
  'outbox.kind.create': 'يبدأ المحادثة',
  'outbox.kind.edit': 'نص جديد لـ «{about}»',
  'outbox.kind.delete': 'يحذف «{about}»',
  'outbox.kind.reaction': 'تفاعل مع «{about}»',
  'outbox.kind.reactionOff': 'يسحب تفاعلًا مع «{about}»',
  'outbox.kind.pin': 'يثبّت «{about}»',
  'outbox.kind.pinOff': 'يلغي تثبيت «{about}»',
  'outbox.kind.rename': 'اسم جديد للمجموعة',
  'outbox.kind.picture': 'صورة جديدة للمجموعة',
  'outbox.kind.members': 'تغيير الأعضاء',
  'outbox.kind.setting': 'إعداد المحادثة',
  'outbox.message': 'رسالة',
  'outbox.since': 'منذ {time}',
  'outbox.attempts':
    '{count, plural, zero {لم يُحاوَل} one {محاولة واحدة} two {محاولتان} few {# محاولات} many {# محاولة} other {# محاولة}}',
  'outbox.queued': 'يُرسل فور توفر الاتصال',
  'outbox.behind': 'ينتظر الرسالة التي يخصها',
  'outbox.held': 'أوقفته أنت',
  'outbox.uploading': 'ملفاته قيد الرفع',
  'outbox.frozen': 'ربما أُرسل بالفعل: ينتظر خلفه تغيير',
  'outbox.nextIn': 'المحاولة التالية بعد {seconds, number} ث',
  'outbox.failed': 'لم يُرسل: {reason}',
  'outbox.waitsFor': 'تعاد المحاولة: {reason}',
  'outbox.sendNow': 'أرسل الآن',
  'outbox.hold': 'إيقاف',
  'outbox.edit': 'تعديل',
  'outbox.save': 'حفظ',
  'outbox.stop': 'إبقاؤه كما كان',
  'outbox.text': 'نص جديد',
  'outbox.toDraft': 'إلى المسودة',
  'outbox.cancel': 'إلغاء',
  'outbox.delete': 'الحذف من بعده',
  'outbox.retry': 'إعادة المحاولة',
  'outbox.discard': 'تخلّص منها',
};
