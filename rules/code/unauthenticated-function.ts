import { rule } from "../../engine/index";
import { reportAll } from "../shared/code/frameworks";
import { publicFunctions } from "../shared/code/public-functions";

export default rule({
  id: "code/unauthenticated-function",
  kind: "code",
  severity: "warning",
  principle: "authenticate",
  summary: "A cloud function is declared open to everybody on the internet",
  why: `The address of a function is public and easily found: certificates and scanners list them within minutes. One that asks for
no login runs for whoever calls it, with its own rights to databases and queues, and the bill goes to its owner. Let the cloud
check the caller, or put a gateway with a login in front; a function that proves its callers itself may say so in a comment.`,
  refs: ["CWE-306"],
  covers: [],
  fix: "unsafe",
  examples: [
    {
      file: "lib/stack.ts",
      bad: `
        import * as lambda from "aws-cdk-lib/aws-lambda";
        orders.addFunctionUrl({ authType: «lambda.FunctionUrlAuthType.NONE» });
        `,
      fixed: `
        import * as lambda from "aws-cdk-lib/aws-lambda";
        orders.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
        `,
    },
    {
      file: "src/orders.ts",
      bad: `
        import { app } from "@azure/functions";
        import { onRequest } from "firebase-functions/v2/https";
        app.http("orders", { methods: ["POST"], authLevel: «"anonymous"», handler });
        export const refunds = onRequest({ invoker: «"public"» }, handler);
        `,
      fixed: `
        import { app } from "@azure/functions";
        import { onRequest } from "firebase-functions/v2/https";
        app.http("orders", { methods: ["POST"], authLevel: "function", handler });
        export const refunds = onRequest({ invoker: "private" }, handler);
        `,
    },
    {
      file: "function_app.py",
      bad: `
        import azure.functions as func
        app = func.FunctionApp(http_auth_level=«func.AuthLevel.ANONYMOUS»)
        `,
      fixed: `
        import azure.functions as func
        app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)
        `,
    },
    {
      file: "deploy.py",
      bad: `
        import boto3
        boto3.client("lambda").create_function_url_config(FunctionName="orders", AuthType=«"NONE"»)
        `,
      fixed: `
        import boto3
        boto3.client("lambda").create_function_url_config(FunctionName="orders", AuthType="AWS_IAM")
        `,
    },
    {
      file: "main.go",
      bad: `
        package main

        import "github.com/aws/aws-cdk-go/awscdk/v2/awslambda"

        func stack() {
        	orders.AddFunctionUrl(&awslambda.FunctionUrlOptions{AuthType: «awslambda.FunctionUrlAuthType_NONE»})
        }
        `,
      fixed: `
        package main

        import "github.com/aws/aws-cdk-go/awscdk/v2/awslambda"

        func stack() {
        	orders.AddFunctionUrl(&awslambda.FunctionUrlOptions{AuthType: awslambda.FunctionUrlAuthType_AWS_IAM})
        }
        `,
    },
    {
      file: "src/main/java/shop/Orders.java",
      bad: `
        package shop;

        import com.microsoft.azure.functions.annotation.AuthorizationLevel;
        import com.microsoft.azure.functions.annotation.FunctionName;
        import com.microsoft.azure.functions.annotation.HttpTrigger;

        class Orders {
            @FunctionName("orders")
            HttpResponseMessage run(@HttpTrigger(name = "request", authLevel = «AuthorizationLevel.ANONYMOUS») HttpRequestMessage<String> request) {
                return request.createResponseBuilder(HttpStatus.OK).build();
            }
        }
        `,
      fixed: `
        package shop;

        import com.microsoft.azure.functions.annotation.AuthorizationLevel;
        import com.microsoft.azure.functions.annotation.FunctionName;
        import com.microsoft.azure.functions.annotation.HttpTrigger;

        class Orders {
            @FunctionName("orders")
            HttpResponseMessage run(@HttpTrigger(name = "request", authLevel = AuthorizationLevel.FUNCTION) HttpRequestMessage<String> request) {
                return request.createResponseBuilder(HttpStatus.OK).build();
            }
        }
        `,
    },
    {
      file: "src/Orders.cs",
      bad: `
        using Microsoft.Azure.Functions.Worker;
        class Orders
        {
            [Function("orders")]
            public HttpResponseData Run([HttpTrigger(«AuthorizationLevel.Anonymous», "post")] HttpRequestData request) => Answer(request);
        }
        `,
      fixed: `
        using Microsoft.Azure.Functions.Worker;
        class Orders
        {
            [Function("orders")]
            public HttpResponseData Run([HttpTrigger(AuthorizationLevel.Function, "post")] HttpRequestData request) => Answer(request);
        }
        `,
    },
    {
      file: "lib/stack.ts",
      good: `
        import * as lambda from "aws-cdk-lib/aws-lambda";
        import { app } from "@azure/functions";
        orders.addFunctionUrl({ authType: lambda.FunctionUrlAuthType.AWS_IAM });
        app.http("health", { methods: ["GET"], authLevel: "anonymous", handler });
        app.http("orders", { methods: ["POST"], authLevel: "function", handler });
        resource.addMethod("OPTIONS", mock, { authorizationType: apigateway.AuthorizationType.NONE });
        const mongo = { authType: "NONE" };
        `,
      note: "a probe, the request of browsers before the real one",
    },
    {
      file: "lib/other.ts",
      good: `
        import { AuthorizationType } from "./gateway";
        const mongo = { authType: "NONE", authorizationType: AuthorizationType.NONE, authLevel: "anonymous" };
        `,
      note: "words of something else",
    },
    {
      file: "function_app.py",
      good: `
        import azure.functions as func
        app = func.FunctionApp(http_auth_level=func.AuthLevel.FUNCTION)

        @app.route(route="health", auth_level=func.AuthLevel.ANONYMOUS)
        def health(request):
            return func.HttpResponse("ok")
        `,
    },
    {
      file: "src/Health.cs",
      good: `
        using Microsoft.Azure.Functions.Worker;
        class Probes
        {
            [Function("health")]
            public HttpResponseData Health([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequestData request) => Answer(request);
        }
        `,
    },
  ],
  check: {
    mentions: /auth_?type|auth_?level|authorization_?type|authorization_?level|anonymous|invoker|unauthenticated/i,
    file(code, report, context) {
      reportAll(publicFunctions(code), "warning", code, report, context);
    },
  },
});
