using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using WpAsis.AppHost.Native.Running;
using WpAsis.AppHost.Native.Servers;

namespace WpAsis.AppHost.Native.Seeding;

/// <summary>
/// Makes the demonstration tenant as a customer would: registers, confirms by the mail, connects the number, describes the business;
/// an operator gives it the plan. Each step is asked first whether it is needed, so a second start changes nothing that a person changed.
/// </summary>
public sealed partial class SeedDemo(RunFile run, string phoneAccessToken, string operatorSecret, TimeProvider clock) : IDisposable
{
    private const string Scopes = "openid identity messaging-gateway ai-responder billing";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);
    private readonly HttpClient _http = new(LocalTrust.Handler(run.Ca)) { Timeout = TimeSpan.FromSeconds(30) };

    private static readonly string[] Facts =
    [
        "We are open Monday to Friday from 09:00 to 18:00.",
        "We are open on Saturday from 10:00 to 16:00.",
        "We are closed on Sunday.",
        "Delivery within Istanbul costs 49,90 TL and takes one day.",
        "Returns are free within 14 days with the receipt.",
        "Our shop is at Bağdat Caddesi 101, Kadıköy, Istanbul.",
        "Hafta içi 09:00-18:00, cumartesi 10:00-16:00 arası açığız; pazar günü kapalıyız.",
    ];

    /// <summary>Answers with the tenant's id.</summary>
    public async Task<string> RunAsync(CancellationToken stop)
    {
        if (await TrySignInAsync(stop) is not { } token)
        {
            await RegisterAsync(stop);
            token = await UntilAsync("sign in", () => TrySignInAsync(stop), stop);
        }
        var tenant = await TenantAsync(token, stop);
        await ConnectNumberAsync(token, stop);
        await DescribeBusinessAsync(token, stop);
        await GivePlanAsync(tenant, stop);
        return tenant;
    }

    /// <inheritdoc />
    public void Dispose() => _http.Dispose();

    private string Identity => run.Services["identity"].Url;

    private async Task RegisterAsync(CancellationToken stop)
    {
        var account = new
        {
            name = "Deniz Demo",
            email = run.Demo.Email,
            password = run.Demo.Password,
            businessName = "WpAsis Demo",
            country = "TR",
            language = "en",
        };
        using var registered = await _http.PostAsJsonAsync($"{Identity}/accounts", account, stop);
        await RequireAsync(registered, "register the demonstration account", stop);
        var confirmation = await UntilAsync("receive the confirmation mail", () => FindConfirmationAsync(stop), stop);
        using var confirmed = await _http.PostAsJsonAsync($"{Identity}/accounts/confirm", new { token = confirmation }, stop);
        await RequireAsync(confirmed, "confirm the demonstration account", stop);
    }

    private async Task<string?> FindConfirmationAsync(CancellationToken stop)
    {
        var mails = await _http.GetFromJsonAsync<JsonElement>(
            $"{run.Sandbox!.Url}/_sandbox/mail?to={Uri.EscapeDataString(run.Demo.Email)}",
            stop
        );
        // The newest: an earlier start may have been stopped between the mail and its confirmation.
        return mails
            .GetProperty("items")
            .EnumerateArray()
            .Select(mail => ConfirmationLink().Match(mail.GetProperty("text").GetString() ?? ""))
            .LastOrDefault(match => match.Success)
            ?.Groups["token"]
            .Value;
    }

    private async Task<string?> TrySignInAsync(CancellationToken stop)
    {
        var credentials = new
        {
            identity = Identity,
            email = run.Demo.Email,
            password = run.Demo.Password,
            scope = Scopes,
        };
        using var response = await _http.PostAsJsonAsync($"{run.Sandbox!.Url}/_sandbox/token", credentials, stop);
        if (!response.IsSuccessStatusCode)
            return null;
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(stop);
        return answer.GetProperty("accessToken").GetString();
    }

    private async Task<string> TenantAsync(string token, CancellationToken stop)
    {
        var account = await GetAsync($"{Identity}/account", token, stop);
        return account.GetProperty("tenants")[0].GetProperty("tenantId").GetString()!;
    }

    private async Task ConnectNumberAsync(string token, CancellationToken stop)
    {
        var channels = $"{run.Services["messaging-gateway"].Url}/channels";
        var known = await GetAsync(channels, token, stop);
        var numbers = known.GetProperty("items").EnumerateArray().Select(channel => channel.GetProperty("phoneNumberId").GetString());
        if (numbers.Contains(run.Demo.PhoneNumberId, StringComparer.Ordinal))
            return;
        var number = new
        {
            phoneNumberId = run.Demo.PhoneNumberId,
            wabaId = run.Demo.WabaId,
            accessToken = phoneAccessToken,
        };
        using var response = await SendAsync(HttpMethod.Post, channels, token, number, stop);
        await RequireAsync(response, "connect the demonstration number", stop);
    }

    private async Task DescribeBusinessAsync(string token, CancellationToken stop)
    {
        var profile = $"{run.Services["ai-responder"].Url}/profile";
        using var known = await SendAsync(HttpMethod.Get, profile, token, null, stop);
        if (known.IsSuccessStatusCode && await HasFactsAsync(known, stop))
            return;
        var business = new
        {
            assistantName = "Ada",
            businessName = "WpAsis Demo",
            facts = string.Join('\n', Facts),
            tone = "friendly and short",
            languages = new[] { "tr", "en" },
            scope = "opening hours, delivery, returns, address",
            humanContact = "+90 850 000 00 00, on weekdays",
        };
        using var response = await SendAsync(HttpMethod.Put, profile, token, business, stop);
        await RequireAsync(response, "describe the demonstration business", stop);
    }

    private static async Task<bool> HasFactsAsync(HttpResponseMessage response, CancellationToken stop)
    {
        var profile = await response.Content.ReadFromJsonAsync<JsonElement>(stop);
        return profile.TryGetProperty("version", out var version) && version.GetInt32() > 0;
    }

    private async Task GivePlanAsync(string tenant, CancellationToken stop)
    {
        using var form = new FormUrlEncodedContent([
            new("grant_type", "client_credentials"),
            new("client_id", "operators"),
            new("client_secret", operatorSecret),
            new("scope", "operators"),
        ]);
        using var granted = await _http.PostAsync(new Uri($"{Identity}/connect/token"), form, stop);
        await RequireAsync(granted, "sign in as an operator", stop);
        var token = (await granted.Content.ReadFromJsonAsync<JsonElement>(stop)).GetProperty("access_token").GetString()!;
        var plan = $"{run.Services["billing"].Management}/operations/tenants/{tenant}/plan";
        // Billing hears of a new tenant by a message: until then it does not know whom to give the plan.
        await UntilAsync(
            "give the demonstration its plan",
            async () =>
            {
                using var response = await SendAsync(HttpMethod.Put, plan, token, new { plan = "pro", reason = "demonstration" }, stop);
                if (response.StatusCode == HttpStatusCode.NotFound)
                    return null;
                await RequireAsync(response, "give the demonstration its plan", stop);
                return "given";
            },
            stop
        );
    }

    private async Task<JsonElement> GetAsync(string url, string token, CancellationToken stop)
    {
        using var response = await SendAsync(HttpMethod.Get, url, token, null, stop);
        await RequireAsync(response, $"read {url}", stop);
        return await response.Content.ReadFromJsonAsync<JsonElement>(stop);
    }

    // A service answers 503 until it knows which sessions have ended; nothing was done then.
    private Task<HttpResponseMessage> SendAsync(HttpMethod method, string url, string token, object? body, CancellationToken stop) =>
        UntilAsync(
            $"reach {url}",
            async () =>
            {
                var response = await SendOnceAsync(method, url, token, body, stop);
                if (response.StatusCode != HttpStatusCode.ServiceUnavailable)
                    return response;
                response.Dispose();
                return null;
            },
            stop
        );

    private async Task<HttpResponseMessage> SendOnceAsync(HttpMethod method, string url, string token, object? body, CancellationToken stop)
    {
        using var request = new HttpRequestMessage(method, url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (body is not null)
            request.Content = JsonContent.Create(body);
        return await _http.SendAsync(request, stop);
    }

    private async Task<T> UntilAsync<T>(string what, Func<Task<T?>> attempt, CancellationToken stop)
        where T : class
    {
        var began = clock.GetTimestamp();
        while (clock.GetElapsedTime(began) < Patience)
        {
            if (await attempt() is { } result)
                return result;
            await Task.Delay(Pause, clock, stop);
        }
        throw new NativeFailedException($"The demonstration could not be seeded: {what} took longer than {Patience.TotalSeconds:0} s.");
    }

    private static async Task RequireAsync(HttpResponseMessage response, string what, CancellationToken stop)
    {
        if (response.IsSuccessStatusCode)
            return;
        var problem = await response.Content.ReadAsStringAsync(stop);
        throw new NativeFailedException($"Could not {what}: {(int)response.StatusCode} {problem[..Math.Min(problem.Length, 500)]}");
    }

    [GeneratedRegex(@"/confirm\?token=(?<token>[A-Za-z0-9_\-\.~%]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ConfirmationLink();
}
