using System.Net.Http.Headers;
using System.Text.Json;
using WpAsis.Sandbox.Hosting;

namespace WpAsis.Sandbox.Phone;

/// <summary>Asks the gateway's API as the demonstration account. Signs in once, again when the token has run out or is refused.</summary>
internal sealed class GatewayAccount(RunFile runFile, TimeProvider clock) : IDisposable
{
    private readonly HttpClient _http = new(StrongTls.Handler()) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private AccessToken? _token;

    /// <summary>The newest rows of the message log.</summary>
    /// <exception cref="SignInException">It cannot be asked now; the reason is a key of the page's texts.</exception>
    public async Task<JsonElement> ListMessagesAsync(string sandboxUrl, CancellationToken cancellationToken)
    {
        if (runFile.ServiceUrl("messaging-gateway") is not { } gateway)
            throw new SignInException("stored.no-run-file", "run.json is not there or names no gateway.");
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            return await AskAsync(gateway, sandboxUrl, cancellationToken);
        }
        catch (Exception problem) when (problem is HttpRequestException or JsonException)
        {
            throw new SignInException("stored.unreachable", problem.Message);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SignInException("stored.unreachable", "time-out");
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _oneAtATime.Dispose();
    }

    private async Task<JsonElement> AskAsync(string gateway, string sandboxUrl, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            _token = _token is { } known && known.ExpiresAt > clock.GetUtcNow() ? known : await SignInAsync(sandboxUrl, cancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.TrimEnd('/') + "/messages?limit=50"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _token.Value);
            using var response = await _http.SendAsync(request, cancellationToken);
            if (response.IsSuccessStatusCode)
                return await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
            _token = null;
            if ((int)response.StatusCode != 401 || attempt > 1)
                throw new SignInException("stored.refused", $"The gateway answered {(int)response.StatusCode}.");
        }
    }

    private Task<AccessToken> SignInAsync(string sandboxUrl, CancellationToken cancellationToken)
    {
        if (
            runFile.ServiceUrl("identity") is not { } identity
            || runFile.Value("demo", "email") is not { } email
            || runFile.Value("demo", "password") is not { } password
        )
            throw new SignInException("stored.no-run-file", "run.json names no identity service or no demonstration account.");
        var redirect = (runFile.Value("sandbox", "url") ?? sandboxUrl).TrimEnd('/') + "/callback";
        var signIn = new CodeSignIn(new Uri(identity), "sandbox", new Uri(redirect), "openid messaging-gateway", clock);
        return signIn.RunAsync(email, password, cancellationToken);
    }
}
