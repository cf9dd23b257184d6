using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using WpAsis.Sandbox.Faults;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Webhooks;

/// <summary>Posts one signed webhook to the gateway's replicas in turn and says what was answered (0: nobody answered).</summary>
internal sealed class PostSigned(SandboxSettings settings, FaultList faults, TimeProvider clock) : IDisposable
{
    private readonly HttpClient _http = new(StrongTls.Handler()) { Timeout = TimeSpan.FromSeconds(20) };
    private readonly SemaphoreSlim _atOnce = new(64);
    private readonly byte[] _secret = Encoding.UTF8.GetBytes(settings.AppSecret);
    private int _turn;

    public string Sign(byte[] body) => "sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(_secret, body));

    public Uri? NextUrl() =>
        settings.WebhookUrls.Count == 0
            ? null
            : new Uri(settings.WebhookUrls[(int)((uint)Interlocked.Increment(ref _turn) % (uint)settings.WebhookUrls.Count)]);

    public async Task<int> PostAsync(byte[] body, CancellationToken cancellationToken)
    {
        var fault = faults.Take("webhook", Encoding.UTF8.GetString(body));
        if (fault?.Kind == "slow")
            await Task.Delay(fault.Delay, clock, cancellationToken);
        if (fault?.Kind is "reset" or "timeout")
            return 0;
        var status = await PostOnceAsync(body, Sign(body), cancellationToken);
        // The gateway has it, Meta does not know: it will come again.
        return fault?.Kind switch
        {
            "timeout-after-accept" => 0,
            "status" => fault.HttpStatus ?? 500,
            _ => status,
        };
    }

    public async Task<int> PostOnceAsync(byte[] body, string? signature, CancellationToken cancellationToken)
    {
        if (NextUrl() is not { } url)
            return 0;
        await _atOnce.WaitAsync(cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            request.Headers.UserAgent.ParseAdd("facebookexternalua");
            if (signature is not null)
                request.Headers.Add("X-Hub-Signature-256", signature);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            return (int)response.StatusCode;
        }
        catch (Exception problem)
            when (problem is HttpRequestException || (problem is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return 0;
        }
        finally
        {
            _atOnce.Release();
        }
    }

    /// <summary>Meta's verification request; the gateway must give back the challenge.</summary>
    public async Task<(int Status, bool Echoed)> VerifyAsync(string? verifyToken, CancellationToken cancellationToken)
    {
        if (NextUrl() is not { } url)
            return (0, false);
        var challenge = RandomIds.Digits(10);
        var token = Uri.EscapeDataString(verifyToken ?? settings.VerifyToken);
        try
        {
            using var response = await _http.GetAsync(
                new Uri($"{url}?hub.mode=subscribe&hub.challenge={challenge}&hub.verify_token={token}"),
                cancellationToken
            );
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            return ((int)response.StatusCode, response.IsSuccessStatusCode && body == challenge);
        }
        catch (HttpRequestException)
        {
            return (0, false);
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _atOnce.Dispose();
    }
}
