using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.EntityFrameworkCore;
using WpAsis.DataSubjectRequest.Archives;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.DataSubjectRequest.Neighbours;
using WpAsis.DataSubjectRequest.Requests;
using WpAsis.Privacy.Ids;
using WpAsis.Privacy.Subjects;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.DataSubjectRequest.Pages;

/// <summary>How far a request came, for whoever has its link. The link shows; a download asks for a fresh proof from WhatsApp.</summary>
internal sealed class FollowModel(
    WorkDb<DataSubjectRequestDbContext> work,
    RequestSecrets secrets,
    DownloadArchive download,
    AskServices services,
    TimeProvider clock
) : PageModel
{
    private RequestRoute? _route;

    public SubjectRequest? Asked { get; private set; }

    public string Id { get; private set; } = "";

    public string Key { get; private set; } = "";

    public string? BusinessId { get; private set; }

    public BusinessNumber? Business { get; private set; }

    /// <summary>The code that is waited for.</summary>
    public string? Code { get; private set; }

    public bool MayDownload => Asked!.HasArchive(clock.GetUtcNow()) && Asked.DownloadUntil > clock.GetUtcNow();

    public bool MayAskForCode => Asked!.HasArchive(clock.GetUtcNow()) && Code is null;

    public Uri WhatsAppLink =>
        new($"https://wa.me/{string.Concat(Business!.Number.Where(char.IsAsciiDigit))}?text={Uri.EscapeDataString(Code!)}");

    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        if (!await FindAsync(cancellationToken))
            return Missing();
        if (_route!.CodeExpiresAt > clock.GetUtcNow())
            Code = secrets.CodeOf(Asked!.RequestId, Key, Asked.Codes);
        if (Code is not null && ChannelId.TryParse(BusinessId, CultureInfo.InvariantCulture, out var channel))
            Business = await services.NumberAsync(channel, cancellationToken);
        // Without a script: the page looks again by itself while something is under way.
        if (!Asked!.IsClosed && !MayDownload && !MayAskForCode)
            Response.Headers["Refresh"] = "3";
        Response.Headers.CacheControl = "no-store";
        Response.Headers["Referrer-Policy"] = "no-referrer";
        return Page();
    }

    public async Task<IActionResult> OnPostCancelAsync(CancellationToken cancellationToken)
    {
        if (!await FindAsync(cancellationToken))
            return Missing();
        await using var db = work.CreateContext();
        await CancelRequestEndpoint.RunAsync(db, Asked!, clock, cancellationToken);
        return Again();
    }

    public async Task<IActionResult> OnPostCodeAsync(CancellationToken cancellationToken)
    {
        if (!await FindAsync(cancellationToken))
            return Missing();
        var now = clock.GetUtcNow();
        await using var db = work.CreateContext();
        await db.AsControllerAsync(
            _route!.TenantId,
            async (inner, token) =>
            {
                var request = await inner.Requests.SingleAsync(row => row.RequestId == Asked!.RequestId, token);
                if (!request.HasArchive(now))
                    return false;
                var route = await inner.Routes.SingleAsync(row => row.RequestId == request.RequestId, token);
                request.Codes++;
                route.CodeHash = ProofCode.HashOf(secrets.CodeOf(request.RequestId, Key, request.Codes));
                route.CodeExpiresAt = now + RequestSecrets.CodeLife;
                return true;
            },
            cancellationToken
        );
        return Again();
    }

    public async Task<IActionResult> OnPostDownloadAsync(CancellationToken cancellationToken)
    {
        if (!await FindAsync(cancellationToken))
            return Missing();
        var now = clock.GetUtcNow();
        var problem = await download.RunAsync(
            HttpContext,
            Asked!.RequestId,
            _route!.TenantId,
            request => request.DownloadUntil > now,
            cancellationToken
        );
        return problem is null ? new EmptyResult() : Again();
    }

    // For a person: a wrong link leads to a page, and says no more than that.
    private PageResult Missing()
    {
        (Asked, Response.StatusCode) = (null, StatusCodes.Status404NotFound);
        return Page();
    }

    private RedirectToPageResult Again() =>
        RedirectToPage(
            new
            {
                id = Id,
                key = Key,
                business = BusinessId,
            }
        );

    private async Task<bool> FindAsync(CancellationToken cancellationToken)
    {
        Id = (string?)RouteData.Values["id"] ?? "";
        Key = Request.Query["key"].FirstOrDefault() ?? "";
        BusinessId = Request.Query["business"].FirstOrDefault();
        if (!SubjectRequestId.TryParse(Id, CultureInfo.InvariantCulture, out var id))
            return false;
        // A proof between the two readings gives the request to a tenant, under whom it is found at the second look.
        return await TryFindAsync(id, cancellationToken) || (_route is not null && await TryFindAsync(id, cancellationToken));
    }

    private async Task<bool> TryFindAsync(SubjectRequestId id, CancellationToken cancellationToken)
    {
        await using var db = work.CreateContext();
        _route = await db.Routes.AsNoTracking().SingleOrDefaultAsync(route => route.RequestId == id, cancellationToken);
        if (_route?.LinkHash is not { } hash || !CryptographicOperations.FixedTimeEquals(hash, RequestSecrets.HashOf(Key)))
            return false;
        Asked = await db.ReadAsync(_route, cancellationToken);
        return Asked is not null;
    }
}
