using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;

if (args is ["probe"])
{
    using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
    try
    {
        using var answer = await client.GetAsync("http://127.0.0.1:8081/healthz");
        return answer.IsSuccessStatusCode ? 0 : 1;
    }
    catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
    {
        return 1;
    }
}

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(server => server.ConfigureHttpsDefaults(https =>
{
    // Only certificates of the shop's own CA; the system's authorities do not count.
    var authority = X509CertificateLoader.LoadCertificateFromFile("/run/secrets/tls/ca.crt");
    https.ClientCertificateValidation = (certificate, _, _) =>
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    };
}));

var app = builder.Build();
var stock = new ConcurrentDictionary<string, int>(
    new Dictionary<string, int> { ["mug-01"] = 120, ["lamp-02"] = 35, ["rug-03"] = 8 });

app.MapGet("/healthz", () => Results.NoContent());
app.MapGet("/stock/{item}", (string item) =>
    stock.TryGetValue(item, out var left) ? Results.Ok(new { item, left }) : Results.NotFound());
app.MapPost("/stock/{item}/reservations", (string item) =>
{
    while (stock.TryGetValue(item, out var left) && left > 0)
    {
        if (stock.TryUpdate(item, left - 1, left)) return Results.Ok(new { item, left = left - 1 });
    }
    return Results.Conflict();
});

await app.RunAsync();
return 0;
