/** Packages of Java classes that services use, where a file imports a whole package; from their API documentation (2026-11). */
import type { Origin } from "../../facts";

const languageClasses = new Set(
  (
    "Object String StringBuilder StringBuffer System Math Thread Runtime Process ProcessBuilder Class ClassLoader Integer " +
    "Long Short Byte Boolean Double Float Character Number Iterable Runnable Exception RuntimeException Error Throwable " +
    "IllegalArgumentException IllegalStateException NullPointerException UnsupportedOperationException ThreadLocal " +
    "AutoCloseable CharSequence Comparable Override Deprecated SuppressWarnings FunctionalInterface SafeVarargs"
  ).split(" "),
);

const packages: Readonly<Record<string, string>> = Object.freeze({
  "java.io":
    "File InputStream ObjectInputStream ObjectOutputStream IOException Serializable PrintWriter BufferedReader",
  "java.net":
    "URL URI URLConnection HttpURLConnection Socket ServerSocket InetAddress InetSocketAddress URLEncoder MalformedURLException",
  "java.net.http": "HttpClient HttpRequest HttpResponse WebSocket",
  "java.security":
    "SecureRandom KeyStore MessageDigest Security PrivateKey PublicKey KeyPair KeyPairGenerator Key NoSuchAlgorithmException",
  "java.security.cert": "X509Certificate Certificate CertificateException CertificateFactory",
  "java.sql": "Connection DriverManager PreparedStatement ResultSet Statement SQLException",
  "java.time": "Duration Instant LocalDate LocalDateTime",
  "java.util":
    "List Map Set Collection ArrayList HashMap HashSet LinkedList Arrays Collections Optional Objects Properties Random UUID " +
    "Date Base64 Scanner Iterator Locale",
  "java.util.concurrent": "ThreadLocalRandom TimeUnit ExecutorService Executors ConcurrentHashMap CompletableFuture",
  "javax.net.ssl":
    "SSLContext TrustManager X509TrustManager X509ExtendedTrustManager HostnameVerifier SSLSession HttpsURLConnection " +
    "SSLSocketFactory SSLSocket SSLEngine SSLParameters TrustManagerFactory KeyManagerFactory",
  "javax.crypto": "Cipher Mac KeyGenerator SecretKey SecretKeyFactory",
  "javax.crypto.spec": "SecretKeySpec IvParameterSpec PBEKeySpec",
  "org.springframework.web.bind.annotation":
    "RestController RequestMapping GetMapping PostMapping PutMapping DeleteMapping PatchMapping RequestParam PathVariable " +
    "RequestBody RequestHeader CrossOrigin ResponseBody ControllerAdvice RestControllerAdvice ExceptionHandler CookieValue",
  "org.springframework.web.client": "RestTemplate RestClient RestOperations",
  "org.springframework.web.reactive.function.client": "WebClient",
  "org.springframework.http": "HttpMethod HttpHeaders HttpStatus HttpEntity ResponseEntity MediaType ResponseCookie",
  "org.springframework.context.annotation": "Bean Configuration Profile ComponentScan Import Primary",
  "org.springframework.beans.factory.annotation": "Autowired Value Qualifier",
  "org.springframework.core.env": "Environment",
  "org.springframework.web.cors": "CorsConfiguration UrlBasedCorsConfigurationSource CorsConfigurationSource",
  "org.springframework.web.servlet.config.annotation": "CorsRegistry WebMvcConfigurer",
  "org.springframework.security.config.annotation.web.builders": "HttpSecurity WebSecurity",
  "org.springframework.boot.autoconfigure": "SpringBootApplication EnableAutoConfiguration",
  "org.springframework.boot.web.client": "RestTemplateBuilder",
  "org.springframework.kafka.core": "DefaultKafkaConsumerFactory DefaultKafkaProducerFactory KafkaTemplate",
  "org.springframework.kafka.annotation": "KafkaListener EnableKafka",
  "org.apache.kafka.clients.producer": "KafkaProducer ProducerConfig ProducerRecord",
  "org.apache.kafka.clients.consumer": "KafkaConsumer ConsumerConfig",
  "org.apache.http.conn.ssl":
    "NoopHostnameVerifier TrustAllStrategy TrustSelfSignedStrategy SSLConnectionSocketFactory AllowAllHostnameVerifier",
  "org.apache.http.client.methods": "HttpGet HttpPost HttpPut HttpDelete HttpPatch HttpHead",
  "org.apache.http.impl.client": "HttpClients HttpClientBuilder CloseableHttpClient DefaultHttpClient",
  "io.grpc":
    "ManagedChannel ManagedChannelBuilder Grpc Server ServerBuilder InsecureChannelCredentials InsecureServerCredentials " +
    "TlsChannelCredentials ChannelCredentials Metadata Status",
  "io.jsonwebtoken": "Jwts JwtBuilder JwtParser Claims SignatureAlgorithm Jws Jwt",
  "com.auth0.jwt": "JWT JWTVerifier",
  "com.auth0.jwt.algorithms": "Algorithm",
  "com.rabbitmq.client": "ConnectionFactory Connection Channel",
  okhttp3: "OkHttpClient Request Response Call",
  "redis.clients.jedis": "Jedis JedisPool JedisPoolConfig",
});

const wildcards: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(packages).map(([name, classes]) => [name, new Set(classes.split(" "))]),
);

export const isLanguageClass = (name: string): boolean => languageClasses.has(name);

/** Whether the package is known to have the class. */
export const hasClass = (module: string, name: string): boolean => wildcards.get(module)?.has(name) === true;

/** `a.b.Outer.Inner` as package and member: packages are spelled in small letters. */
export function split(path: string): Origin {
  const words = path.split(".");
  const first = words.findIndex((word) => /^[A-Z]/.test(word));
  const at = first < 0 ? words.length - 1 : first;
  return { module: words.slice(0, at).join("."), member: words.slice(at).join(".") };
}

/** What methods give where neither a builder's way of working nor the name tells it. */
const results: Readonly<Record<string, string>> = Object.freeze({
  "java.net.http.HttpClient.newHttpClient": "HttpClient",
  "java.net.http.HttpClient.newBuilder": "HttpClient.Builder",
  "java.net.http.HttpRequest.newBuilder": "HttpRequest.Builder",
  "java.net.URL.openConnection": "URLConnection",
  "java.sql.DriverManager.getConnection": "Connection",
  "javax.net.ssl.SSLContext.getInstance": "SSLContext",
  "org.springframework.web.reactive.function.client.WebClient.create": "WebClient",
  "org.springframework.web.reactive.function.client.WebClient.builder": "WebClient.Builder",
  "org.springframework.web.client.RestClient.create": "RestClient",
  "org.springframework.web.client.RestClient.builder": "RestClient.Builder",
  "com.auth0.jwt.JWT.create": "JWTCreator.Builder",
  "com.rabbitmq.client.ConnectionFactory.newConnection": "Connection",
});

/**
 * The type that a method gives: builders give themselves until `build`; what is not known is called after the first
 * method of the chain: `Jwts.builder()`.
 */
export function resultOf({ module, member }: Origin): Origin {
  const known = results[`${module}.${member}`];
  if (known !== undefined) return { module, member: known };
  const dot = member.lastIndexOf(".");
  const owner = member.slice(0, Math.max(dot, 0));
  if (/(?:^|\.)\w*Builder$/.test(owner)) {
    if (member.slice(dot + 1) !== "build") return { module, member: owner };
    if (owner.endsWith(".Builder")) return { module, member: owner.slice(0, -".Builder".length) };
  }
  const end = member.indexOf("()");
  return { module, member: end >= 0 ? member.slice(0, end + 2) : `${member}()` };
}
