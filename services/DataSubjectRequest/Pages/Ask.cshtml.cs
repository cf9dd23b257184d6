using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using WpAsis.DataSubjectRequest.Data;
using WpAsis.DataSubjectRequest.Requests;
using WpAsis.Privacy.Values;
using WpAsis.ServiceDefaults.Data;

namespace WpAsis.DataSubjectRequest.Pages;

/// <summary>A WhatsApp user asks. Nobody is asked who they are: that is proved in the next step.</summary>
internal sealed class AskModel(DataSubjectRequestDbContext db, MakeRequest make, SubmitLimit limit) : PageModel
{
    public static IReadOnlyList<RequestKind> Kinds { get; } = Enum.GetValues<RequestKind>();

    public RequestKind Kind { get; private set; }

    public string? Fault { get; private set; }

    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        var form = await Request.ReadFormAsync(cancellationToken);
        var name = form["name"].FirstOrDefault();
        if (!Enum.TryParse<RequestKind>(form["kind"].FirstOrDefault(), out var kind) || !Enum.IsDefined(kind))
            return Refuse(StatusCodes.Status422UnprocessableEntity, "KindMissing");
        Kind = kind;
        if (kind is RequestKind.Rectification && !PersonName.TryParse(name, out _))
            return Refuse(StatusCodes.Status422UnprocessableEntity, "NameMissing");
        if (!limit.TryEnter(HttpContext))
            return Refuse(StatusCodes.Status429TooManyRequests, "TooMany");
        var (request, link) = await db.InTransactionAsync(
            (inner, token) => make.ForContactAsync(inner, kind, name, token),
            cancellationToken
        );
        return RedirectToPage(
            "/Follow",
            new
            {
                id = request.RequestId.ToString(),
                key = link,
                business = Request.Query["business"].FirstOrDefault(),
            }
        );
    }

    private PageResult Refuse(int status, string fault)
    {
        (Response.StatusCode, Fault) = (status, fault);
        return Page();
    }
}
