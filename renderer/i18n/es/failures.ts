import type { Catalogue } from '../catalogue.ts';

/** As `english-failures.ts`. */
export const failures: Catalogue = {
  'failure.server_unreachable': 'El servidor no responde. Revisa la red e inténtalo de nuevo.',
  'failure.network_offline': 'Este equipo no tiene red.',
  'failure.name_unknown':
    'No se encuentra el nombre del servidor. Revisa la dirección o el servicio de nombres de esta red.',
  'failure.connection_refused': 'Nada responde en la dirección del servidor.',
  'failure.no_answer': 'El servidor no responde.',
  'failure.certificate_other_key':
    'El servidor muestra otra clave que aquella a la que te uniste. No se le envía nada. Pregunta a quien te invitó. Si el servidor se instaló de nuevo, cierra primero la sesión de tu cuenta en el anterior y abre después otra invitación.',
  'failure.certificate_untrusted':
    'El certificado del servidor está firmado por una autoridad en la que este equipo no confía. Pide a quien lleva el servidor el certificado de esa autoridad e instálalo en el sistema.',
  'failure.certificate_date':
    'El certificado del servidor no es válido en este momento. Revisa el reloj de este equipo; si está bien, el certificado ha caducado.',
  'failure.certificate_name':
    'El certificado del servidor se hizo para otro nombre: la dirección es de otro, o esta red pide iniciar sesión antes.',
  'failure.tls_failed': 'No se pudo acordar una conexión segura con el servidor.',
  'failure.proxy_unreachable': 'El proxy que usa este equipo no responde.',
  'failure.proxy_refuses': 'El proxy de esta red no deja que Matchbook llegue al servidor.',
  'failure.proxy_sign_in': 'El proxy de esta red pide usuario y contraseña.',
  'failure.other_answers':
    'Otra cosa responde en la dirección del servidor, como la página de acceso de esta red. Abre cualquier página web para entrar; se vuelve a intentar solo.',
  'failure.host_unknown':
    'El servidor está ahí, pero no está configurado para responder a este nombre. Quien lo administra tiene que añadirlo a RELAY_HOSTS y API_HOSTS; se vuelve a intentar solo.',
  'failure.server_failed': 'El servidor no pudo hacerlo. Inténtalo de nuevo en un momento.',
  'failure.embedded_failed': 'Los servidores de esta app no pudieron iniciar. {message}',
  'failure.bad_server': 'Esta no es la dirección de un servidor. Es como chat.example.org.',
  'failure.too_many_accounts': 'No hay sitio para otra cuenta. Elimina antes una.',
  'failure.too_many_windows': 'Demasiadas conversaciones tienen su propia ventana. Cierra antes una.',
  'failure.session_ended': 'El servidor ya no acepta las claves de este dispositivo. Vuelve a entrar.',
  'failure.session_replaced': 'Este perfil se usa en otro equipo.',
  'failure.signed_out': 'Las claves de esta cuenta no están aquí. Vuelve a entrar.',
  'failure.bad_invitation': 'Este no es un enlace de invitación válido.',
  'failure.invitation_invalid': 'Esta invitación ya no es válida: quizá la hayan retirado. Pide una nueva.',
  'failure.registration_closed': 'Este servidor no admite cuentas nuevas sin invitación.',
  'failure.wrong_secret': 'Este código no es correcto. Revísalo e inténtalo de nuevo.',
  'failure.disk_full': 'El disco está lleno. Libera algo de espacio e inténtalo de nuevo.',
  'failure.wrong_recipient':
    'Este texto se empezó para otra conversación, así que no se envió. Comprueba para quién es.',
  'failure.outbox_not_empty': 'Algo espera para enviarse y se perdería.',
  'failure.outbox_full':
    'Demasiados mensajes esperan para enviarse. Podrás enviar otros cuando salgan algunos.',
  'failure.store_failed': 'No se pudo guardar en tu equipo. Inténtalo de nuevo.',
  'failure.secret_unavailable': 'El llavero de este equipo no respondió. Desbloquéalo e inténtalo de nuevo.',
  'failure.body_too_large':
    '{size, select, none {El mensaje es demasiado largo.} other {Es más grande de lo que admite el servidor: {size} como máximo.}}',
  'failure.invalid_text': 'El texto tiene un carácter que no se puede enviar.',
  'failure.not_member': 'Ya no estás en esta conversación.',
  'failure.unknown_conversation': 'El servidor no conoce esta conversación.',
  'failure.id_conflict': 'El servidor tiene otro mensaje con el mismo número. Envíalo de nuevo.',
  'failure.rate_limited':
    '{wait, plural, =0 {Fue demasiado a la vez. Espera un momento e inténtalo de nuevo.} one {Fue demasiado a la vez. El servidor pide esperar # segundo.} other {Fue demasiado a la vez. El servidor pide esperar # segundos.}}',
  'failure.frozen': 'Puede que ya esté en camino, así que no se puede recuperar.',
  'failure.no_such_item': 'Este mensaje ya salió de la bandeja de salida.',
  'failure.bad_link': 'Este tipo de enlace no se abre.',
  'failure.not_waiting': 'Ya no está en espera: se envió o se canceló en otro de tus dispositivos.',
  'failure.version_unsupported': 'El servidor habla otra versión. Actualiza Matchbook.',
  'failure.other': 'Eso no funcionó: {message}',
  'failure.file_too_large': 'El servidor acepta archivos de {size} como máximo.',
  'failure.quota_full': 'No hay sitio en el servidor: tus archivos pueden ocupar allí {size} en total.',
  'failure.file_type_refused': 'El servidor no acepta archivos de este tipo.',
  'failure.file_empty': 'Este archivo está vacío.',
  'failure.file_is_folder':
    'Esto es una carpeta. Las carpetas no se envían; elige los archivos que contiene o comprímela antes.',
  'failure.file_unreadable': 'Este archivo no se puede leer. {message}',
  'failure.file_missing': 'El archivo ya no está en este dispositivo.',
  'failure.too_many_files': 'Un mensaje tiene como máximo 32 archivos. Envía el resto en otro.',
  'failure.file_not_here': 'No está en este dispositivo y ahora no se puede preguntar al servidor.',
  'failure.place_refused': 'Ahí no se puede guardar nada. Elige otra carpeta.',
  'failure.not_found': 'El servidor no lo tiene, o no para ti.',
  'failure.no_export': 'No hay ninguna exportación en esta carpeta.',
  'failure.export_unfinished':
    'Esta exportación no se terminó. Exporta de nuevo en la misma carpeta para continuar.',
  'failure.text_damaged':
    'Esto se dañó en el disco y puede no ser lo que escribiste. Míralo antes de enviarlo otra vez.',
  'failure.target_failed': 'El mensaje del que trata no se envió.',
  'failure.invitation_used': 'Esta invitación ya se usó. Pide una nueva.',
  'failure.invitation_expired': 'Esta invitación ha caducado. Pide una nueva.',
  'failure.invitation_own': 'Esta es tu propia invitación. Envíasela a quien tenga que venir.',
  'failure.bad_json': 'El servidor no entendió a la app. Actualiza Matchbook.',
  'failure.bad_frame': 'El servidor no entendió a la app. Actualiza Matchbook.',
  'failure.unknown_frame': 'El servidor es más antiguo que la app y aún no conoce esto.',
  'failure.invalid_frame': 'El servidor no entendió a la app. Actualiza Matchbook.',
  'failure.unauthorized': 'El servidor no sabe quién pregunta. Inicia sesión de nuevo.',
  'failure.identity_mismatch':
    'El servidor cree que este dispositivo es de otra persona. Inicia sesión de nuevo.',
  'failure.hello_timeout': 'Iniciar sesión tardó demasiado. Se intenta de nuevo.',
  'failure.session_revoked': 'La sesión de este dispositivo se cerró desde otro. Inicia sesión de nuevo.',
  'failure.silent': 'La conexión estuvo callada demasiado tiempo. Se establece de nuevo.',
  'failure.slow_consumer': 'La conexión es demasiado lenta para lo que llega. Se establece de nuevo.',
  'failure.frame_too_large': 'Es más de lo que el servidor admite de una vez.',
  'failure.too_many_sockets': 'Tienes demasiadas conexiones abiertas. Cierra Matchbook en otro dispositivo.',
  'failure.too_many_errors': 'El servidor cortó la conexión tras demasiados errores. Se establece de nuevo.',
  'failure.internal': 'Algo falló en el servidor. Inténtalo de nuevo en un momento.',
  'failure.draining': 'El servidor se está reiniciando. Inténtalo de nuevo en un momento.',
  'failure.storage_unavailable': 'El servidor no puede guardar nada por ahora. Inténtalo más tarde.',
  'failure.invalid_field':
    '{field, select, name {El servidor no admite este nombre. Usa caracteres visibles, y menos.} login {Un usuario tiene de 2 a 64 caracteres: a a z, cifras y . _ @ + -, y empieza por letra o cifra.} password {Esta contraseña es demasiado fácil de adivinar: al menos 8 caracteres, cuatro de ellos distintos, y más que el usuario.} query {Di qué buscar: una palabra o un filtro.} due {Elige un momento entre ahora y dentro de un año.} type {El servidor no admite archivos de este tipo.} members {Una conversación tiene como máximo {limit, number} miembros.} none {El servidor no admite esto.} other {El servidor no admite esto ({field}).}}',
  'failure.unknown_kind': 'El servidor es más antiguo que la app y aún no conoce esto.',
  'failure.unknown_user': 'El servidor no conoce a esta persona.',
  'failure.unknown_place': 'Este mensaje ya no está, o no para ti.',
  'failure.not_allowed': 'No tienes permiso para hacer eso.',
  'failure.blocked': 'Esta persona no acepta mensajes tuyos.',
  'failure.conflict':
    '{field, select, login {Alguien ya tiene este usuario. Elige otro.} other {Se cambió en otro sitio mientras tanto. Míralo de nuevo.}}',
  'failure.trimmed': 'El servidor ya no lo guarda.',
  'failure.forbidden': 'El servidor no permite eso a esta cuenta. Pregunta a quien lo administra.',
  'failure.not_joined': 'Los servidores aún no están conectados entre sí. Inténtalo más tarde.',
  'failure.bad_call': 'La app pidió algo incorrecto. Abre la ventana de nuevo.',
  'failure.no_such_account': 'Esta cuenta ya no está en este ordenador.',
  'failure.cancelled': 'Se canceló.',
};
