/** What Go's packages are called and give, for those that services use; from their documentation at pkg.go.dev (2026-11). */
import type { Origin } from "../../facts";

/** Packages whose name is not the last word of their path, versions left out. */
const packageNames: Readonly<Record<string, string>> = {
  "github.com/redis/go-redis": "redis",
  "github.com/segmentio/kafka-go": "kafka",
  "github.com/rabbitmq/amqp091-go": "amqp091",
  "github.com/nats-io/nats.go": "nats",
  "github.com/eclipse/paho.mqtt.golang": "mqtt",
  "github.com/apache/pulsar-client-go/pulsar": "pulsar",
  "github.com/grpc-ecosystem/go-grpc-middleware": "grpc_middleware",
  "github.com/grpc-ecosystem/go-grpc-prometheus": "grpc_prometheus",
  "github.com/mattn/go-sqlite3": "sqlite3",
  "github.com/opentracing/opentracing-go": "opentracing",
  "github.com/aws/aws-lambda-go/lambda": "lambda",
};

/** The path without its versions: `github.com/golang-jwt/jwt/v5` is `github.com/golang-jwt/jwt`. */
export function unversioned(path: string): string {
  return path.replace(/\/v\d{1,3}(?=\/|$)/g, "").replace(/\.v\d{1,3}$/, "");
}

/** The names that the package may have in a file that imports it without giving one, the likeliest first. */
export function packageNamesOf(path: string): readonly string[] {
  const plain = unversioned(path);
  const known = packageNames[plain];
  if (known !== undefined) return [known];
  const last = plain.slice(plain.lastIndexOf("/") + 1);
  const short = last.replace(/^(go|golang)[-.]/, "").replace(/[-.](go|golang)$/, "");
  return short === last ? [last] : [last, short];
}

/** What functions give where that is not told by their name: `NewX` gives an `X`. */
const results: Readonly<Record<string, string>> = {
  "net/http.Get": "Response",
  "net/http.Post": "Response",
  "net/http.NewRequestWithContext": "Request",
  "net/url.Parse": "URL",
  "database/sql.Open": "DB",
  "database/sql.OpenDB": "DB",
  "google.golang.org/grpc.Dial": "ClientConn",
  "google.golang.org/grpc.DialContext": "ClientConn",
  "google.golang.org/grpc.NewClient": "ClientConn",
  "github.com/gin-gonic/gin.Default": "Engine",
  "github.com/gin-gonic/gin.New": "Engine",
  "github.com/gin-gonic/gin.Engine.Group": "RouterGroup",
  "github.com/gin-gonic/gin.RouterGroup.Group": "RouterGroup",
  "github.com/labstack/echo.New": "Echo",
  "github.com/labstack/echo.Echo.Group": "Group",
  "github.com/gofiber/fiber.New": "App",
  "github.com/gorilla/mux.Router.PathPrefix": "Route",
  "github.com/gorilla/mux.Route.Subrouter": "Router",
  "github.com/gorilla/mux.Router.Subrouter": "Router",
  "github.com/go-chi/chi.NewRouter": "Mux",
  "github.com/go-chi/chi.NewMux": "Mux",
  "github.com/rs/cors.New": "Cors",
  "github.com/rs/cors.Default": "Cors",
  "github.com/rs/cors.AllowAll": "Cors",
  "github.com/golang-jwt/jwt.New": "Token",
  "github.com/golang-jwt/jwt.NewWithClaims": "Token",
  "github.com/golang-jwt/jwt.Parse": "Token",
  "github.com/golang-jwt/jwt.ParseWithClaims": "Token",
  "github.com/dgrijalva/jwt-go.New": "Token",
  "github.com/dgrijalva/jwt-go.NewWithClaims": "Token",
  "github.com/dgrijalva/jwt-go.Parse": "Token",
  "github.com/dgrijalva/jwt-go.ParseWithClaims": "Token",
  "github.com/go-resty/resty.New": "Client",
  "github.com/go-resty/resty.Client.R": "Request",
  "github.com/docker/docker/client.NewClientWithOpts": "Client",
  "github.com/docker/docker/client.NewEnvClient": "Client",
  "github.com/streadway/amqp.Dial": "Connection",
  "github.com/rabbitmq/amqp091-go.Dial": "Connection",
  "github.com/nats-io/nats.go.Connect": "Conn",
  "github.com/IBM/sarama.NewConfig": "Config",
  "github.com/Shopify/sarama.NewConfig": "Config",
  "go.mongodb.org/mongo-driver/mongo/options.Client": "ClientOptions",
  "go.mongodb.org/mongo-driver/mongo.Connect": "Client",
  "gorm.io/gorm.Open": "DB",
};

/** The type that a function of a library gives; one that is not known is called after the function: `Func()`. */
export function resultOf(origin: Origin): Origin {
  const known = results[`${origin.module}.${origin.member}`];
  if (known !== undefined) return { module: origin.module, member: known };
  const made = /^New([A-Z]\w*)$/.exec(origin.member);
  if (made !== null) return { module: origin.module, member: made[1]! };
  const end = origin.member.indexOf("()");
  return { module: origin.module, member: end >= 0 ? origin.member.slice(0, end + 2) : `${origin.member}()` };
}
