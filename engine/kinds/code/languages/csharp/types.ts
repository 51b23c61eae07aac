/** Namespaces of .NET types that services use, and what their members give; from learn.microsoft.com/dotnet/api and the libraries' documentation (2026-11). */
import type { Origin } from "../../facts";

const namespaces: Readonly<Record<string, string>> = Object.freeze({
  System:
    "Console Environment String Convert Math Random Guid Uri UriBuilder DateTime DateTimeOffset TimeSpan Exception Type Object Array " +
    "ArgumentException ArgumentNullException InvalidOperationException NotImplementedException Activator AppContext Func Action Version",
  "System.Collections.Generic": "List Dictionary HashSet IEnumerable IList IDictionary KeyValuePair Queue Stack",
  "System.Diagnostics": "Process ProcessStartInfo Debug Trace Stopwatch Activity",
  "System.IO": "File Path Directory Stream StreamReader StreamWriter FileStream MemoryStream",
  "System.Net":
    "HttpListener WebClient WebRequest HttpWebRequest ServicePointManager SecurityProtocolType IPAddress Dns NetworkCredential IPNetwork",
  "System.Net.Http":
    "HttpClient HttpClientHandler HttpRequestMessage HttpResponseMessage SocketsHttpHandler StringContent IHttpClientFactory HttpMethod " +
    "FormUrlEncodedContent WinHttpHandler",
  "System.Net.Mail": "SmtpClient MailMessage",
  "System.Net.Security": "SslStream RemoteCertificateValidationCallback SslClientAuthenticationOptions SslPolicyErrors",
  "System.Net.Sockets": "TcpClient TcpListener Socket UdpClient NetworkStream",
  "System.Net.WebSockets": "ClientWebSocket WebSocket",
  "System.Runtime.Serialization.Formatters.Binary": "BinaryFormatter",
  "System.Security.Authentication": "SslProtocols",
  "System.Security.Cryptography":
    "RandomNumberGenerator RNGCryptoServiceProvider HMACSHA256 HMACSHA512 HMACSHA1 SHA256 MD5 Aes RSA CipherMode",
  "System.Security.Cryptography.X509Certificates": "X509Certificate2 X509Chain X509Certificate",
  "System.Text": "Encoding StringBuilder UTF8Encoding",
  "System.Threading": "Timeout Thread CancellationToken CancellationTokenSource Timer",
  "System.Threading.Tasks": "Task ValueTask",
  "System.IdentityModel.Tokens.Jwt": "JwtSecurityTokenHandler JwtSecurityToken JwtRegisteredClaimNames",
  "System.Security.Claims": "Claim ClaimsIdentity ClaimsPrincipal ClaimTypes",
  "System.Data.SqlClient": "SqlConnection SqlConnectionStringBuilder SqlCommand",
  "Microsoft.Data.SqlClient": "SqlConnection SqlConnectionStringBuilder SqlCommand",
  "Microsoft.IdentityModel.Tokens":
    "TokenValidationParameters SymmetricSecurityKey SigningCredentials SecurityTokenDescriptor SecurityAlgorithms SecurityKey " +
    "SecurityToken RsaSecurityKey JsonWebKey",
  "Microsoft.IdentityModel.JsonWebTokens": "JsonWebTokenHandler JsonWebToken",
  "Microsoft.AspNetCore.Builder":
    "WebApplication WebApplicationBuilder IApplicationBuilder ForwardedHeadersOptions CookiePolicyOptions IEndpointRouteBuilder SessionOptions",
  "Microsoft.AspNetCore.Hosting": "IWebHostEnvironment IHostingEnvironment IWebHostBuilder WebHostBuilder",
  "Microsoft.AspNetCore": "WebHost",
  "Microsoft.AspNetCore.Mvc":
    "ControllerBase Controller ApiController Route HttpGet HttpPost HttpPut HttpDelete HttpPatch FromQuery FromBody FromRoute FromForm " +
    "FromHeader FromServices IActionResult ActionResult ProducesResponseType Produces Consumes IgnoreAntiforgeryToken ValidateAntiForgeryToken",
  "Microsoft.AspNetCore.Authorization":
    "Authorize AllowAnonymous AuthorizationPolicyBuilder AuthorizationOptions IAuthorizationRequirement",
  "Microsoft.AspNetCore.Authentication.JwtBearer": "JwtBearerDefaults JwtBearerOptions JwtBearerEvents",
  "Microsoft.AspNetCore.Authentication.Cookies": "CookieAuthenticationDefaults CookieAuthenticationOptions",
  "Microsoft.AspNetCore.Cors": "EnableCors DisableCors",
  "Microsoft.AspNetCore.Cors.Infrastructure": "CorsPolicyBuilder CorsOptions CorsPolicy",
  "Microsoft.AspNetCore.Http":
    "CookieOptions CookieSecurePolicy SameSiteMode HttpContext HttpRequest HttpResponse IFormFile Results TypedResults IHttpContextAccessor CookieBuilder",
  "Microsoft.AspNetCore.HttpOverrides": "ForwardedHeaders",
  "Microsoft.Extensions.Configuration":
    "IConfiguration IConfigurationRoot IConfigurationSection ConfigurationManager ConfigurationBuilder",
  "Microsoft.Extensions.DependencyInjection": "IServiceCollection ServiceCollection IServiceProvider",
  "Microsoft.Extensions.Hosting":
    "Host IHost IHostBuilder IHostEnvironment BackgroundService Environments HostApplicationBuilder",
  "Microsoft.Extensions.Logging": "ILogger ILoggerFactory LogLevel",
  "Microsoft.EntityFrameworkCore": "DbContext DbContextOptionsBuilder DbContextOptions",
  "Microsoft.Azure.Functions.Worker": "Function HttpTrigger AuthorizationLevel FunctionContext",
  "Microsoft.Azure.WebJobs": "FunctionName HttpTrigger",
  "Microsoft.Azure.WebJobs.Extensions.Http": "AuthorizationLevel",
  "Amazon.Lambda.Core": "ILambdaContext LambdaSerializer",
  "Grpc.Net.Client": "GrpcChannel GrpcChannelOptions",
  "Grpc.Core": "ChannelCredentials Channel Server ServerCredentials ServerPort",
  "Newtonsoft.Json": "JsonSerializerSettings TypeNameHandling JsonConvert JsonSerializer",
  "RabbitMQ.Client": "ConnectionFactory IConnection IModel SslOption AmqpTcpEndpoint",
  "Confluent.Kafka":
    "ProducerConfig ConsumerConfig ClientConfig AdminClientConfig SecurityProtocol ProducerBuilder ConsumerBuilder SaslMechanism",
  "StackExchange.Redis": "ConnectionMultiplexer ConfigurationOptions IConnectionMultiplexer",
  "MongoDB.Driver": "MongoClient MongoClientSettings MongoUrl SslSettings",
  Npgsql: "NpgsqlConnection NpgsqlConnectionStringBuilder NpgsqlDataSource SslMode",
  "MySql.Data.MySqlClient": "MySqlConnection MySqlConnectionStringBuilder",
  MySqlConnector: "MySqlConnection MySqlConnectionStringBuilder",
  "Docker.DotNet": "DockerClientConfiguration DockerClient",
  "Docker.DotNet.Models": "HostConfig CreateContainerParameters",
  MassTransit: "Bus IBusControl",
  NetMQ: "NetMQConfig",
  "NetMQ.Sockets":
    "RequestSocket ResponseSocket PublisherSocket SubscriberSocket PushSocket PullSocket RouterSocket DealerSocket",
  "Renci.SshNet": "SshClient SftpClient",
  RestSharp: "RestClient RestRequest RestClientOptions",
});

const byName: ReadonlyMap<string, readonly string[]> = (() => {
  const found = new Map<string, string[]>();
  for (const [namespace, types] of Object.entries(namespaces)) {
    for (const type of types.split(" ")) found.set(type, [...(found.get(type) ?? []), namespace]);
  }
  return found;
})();

/** Namespaces that projects use without saying so in each file. */
const implicit = /^(?:System|Microsoft\.AspNetCore|Microsoft\.Extensions)(?:\.|$)/;

/** The namespace of a type that is named without one, in a file that uses the given namespaces. */
export function namespaceOf(type: string, used: ReadonlySet<string>): string | undefined {
  const known = byName.get(type);
  if (known === undefined) return undefined;
  return known.find((namespace) => used.has(namespace)) ?? known.find((namespace) => implicit.test(namespace));
}

/** `System.Net.Http.HttpClient.Timeout`: the type that the path begins with, and the rest. */
export function split(path: string): Origin | undefined {
  const words = path.split(".");
  for (let at = words.length - 1; at > 0; at--) {
    const module = words.slice(0, at).join(".");
    if (byName.get(words[at]!)?.includes(module)) return { module, member: words.slice(at).join(".") };
  }
  return undefined;
}

/** What methods and properties give: `namespace|Type`. */
const results: Readonly<Record<string, string>> = Object.freeze({
  "Microsoft.AspNetCore.Builder.WebApplication.CreateBuilder": "Microsoft.AspNetCore.Builder|WebApplicationBuilder",
  "Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder": "Microsoft.AspNetCore.Builder|WebApplicationBuilder",
  "Microsoft.AspNetCore.Builder.WebApplicationBuilder.Build": "Microsoft.AspNetCore.Builder|WebApplication",
  "Microsoft.AspNetCore.Builder.WebApplicationBuilder.Services":
    "Microsoft.Extensions.DependencyInjection|IServiceCollection",
  "Microsoft.AspNetCore.Builder.WebApplicationBuilder.Configuration":
    "Microsoft.Extensions.Configuration|ConfigurationManager",
  "Microsoft.AspNetCore.Builder.WebApplicationBuilder.Environment": "Microsoft.AspNetCore.Hosting|IWebHostEnvironment",
  "Microsoft.AspNetCore.Builder.WebApplication.Environment": "Microsoft.AspNetCore.Hosting|IWebHostEnvironment",
  "Microsoft.AspNetCore.Builder.WebApplication.Configuration": "Microsoft.Extensions.Configuration|IConfiguration",
  "System.Net.Http.IHttpClientFactory.CreateClient": "System.Net.Http|HttpClient",
  "System.Net.WebRequest.Create": "System.Net|HttpWebRequest",
  "System.Net.WebRequest.CreateHttp": "System.Net|HttpWebRequest",
  "Grpc.Net.Client.GrpcChannel.ForAddress": "Grpc.Net.Client|GrpcChannel",
  "StackExchange.Redis.ConnectionMultiplexer.Connect": "StackExchange.Redis|ConnectionMultiplexer",
  "System.Diagnostics.Process.Start": "System.Diagnostics|Process",
});

/** The type of a property or of a method's result; what is not known is called after it: `IServiceCollection.AddAuthentication()`. */
export function resultOf({ module, member }: Origin, isCalled: "called" | "read"): Origin {
  const known = results[`${module}.${member}`]?.split("|");
  if (known !== undefined) return { module: known[0]!, member: known[1]! };
  if (isCalled === "read") return { module, member };
  const end = member.indexOf("()");
  return { module, member: end >= 0 ? member.slice(0, end + 2) : `${member}()` };
}
