"""Words that say nothing about what a paper is about."""

_GRAMMAR = """a about above across after against all along also although am among an and another any are as at be
because been before being between both but by can could did do does doing done down during each either else ever every
few first for from further had has have having here how however if in including into is it its itself just last least
less made main make many may might more most much must near neither new no nor not now of off on once one only onto or
other our out over own per rather same second several shall should since so some still such than that the their them
then there these they third this those three through throughout thus to together too toward towards two under until up
upon us use used useful using various versus very via vs was we well were what when where whether which while who whom
why will with within without would yet you your"""

_BOILERPLATE = """
absence abstract action activity acute addition adult affect affecting affects age aged aim alleviate alleviates
ameliorate ameliorates analyses analysis analyzing application applied applying approach aspect assessed assessing
assessment associated association attenuate attenuated attenuates attenuating author available based baseline basic
basis benefit better case cause cell center centre challenge change changing characteristic characterization
characterizing child children chronic class clinic clinical clinically cohort combination combined commentary common
comparative comparing comparison complex component condition consequence consideration considering contemporary
context contribute contributes control controlled correction correlate correlation course cross cross-sectional
current data day decreased decreases dependent derived design detection determinant determination determining
developing development difference different difficult direct disease disorder distinct double-blind driven early
editorial effect effective effectiveness efficacy efficient elderly emerging enhance enhanced enhances enhancing
establishing estimating estimation evaluate evaluating evaluation event evidence examining example experience
experiment experimental exploration exploratory exploring exposure expression factor feasibility feature female
finding follow-up following form framework frequency function functional future gene general global good group growth
guide guideline health healthy high higher highly human idea identification identified identifying impact
implementation implication importance important improve improved improvement improves improving incidence increase
increased increases increasing independent index individual induce induced induces inducible inducing influence
information inhibit inhibiting inhibition inhibits initial insight integrated international intervention introduction
investigating investigation involved involving issue key knowledge large late lead leading lesson letter level life
light like limited line literature local long long-term longitudinal low lower major male man management mean measure
measurement measuring mechanism mediate mediated mediates medical medicine men meta meta-analysis method model
modeling modelling moderate modification modified multicenter multicentre multiple narrative national nationwide
natural need non normal note novel number observation observational observed occurrence open open-label optimal
optimization optimizing option outcome outlook overall overview paper parameter part participant pathway patient
pattern people performance period perspective phase pilot placebo placebo-controlled point population possible post
potential practical practice predict predicting prediction predictive predictor predicts preliminary presence present
presentation presenting prevalence prevention primary principle problem procedure process profile prognostic program
programme progress promising promote promotes promoting property proposed prospective protein protocol provide
providing quality quantitative question randomised randomized range rapid rare rate rational reaction real real-world
recent recommendation reduced reduces reducing reduction regarding region regional registry regulate regulates
regulating regulation regulatory related relation relationship relative relevance reliability reply report reported
reporting research resource respect response responsive result retrospective reveal revealed revealing reveals review
revisited risk role safety sample scale scoping score screening secondary selected selection sequential series set
setting severe severity short short-term shows significance significant similar simple single single-center single-
centre situation small special specific spectrum stage state statement status step strategy strong structure study
subject successful suggests support suppress suppresses suppression survey survival system systematic target targeting
task technical technique term test testing therapeutic therapy time tool top total toward treated treating treatment
trend trial type ultra underlying unique update updated upon using utility validation validity value variability
variable variant variation view way week woman women work working world year young"""

EMPTY_WORDS = frozenset(f"{_GRAMMAR} {_BOILERPLATE}".split())
