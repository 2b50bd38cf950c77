/**
 * Words that people choose first, the most frequent ones of leaked passwords (from zxcvbn-ts, MIT) and what Koreans
 * type, in lower case. Numbers and repetitions are left out: rules find those.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
password qwerty dragon baseball football monkey letmein shadow master michael mustang qwertyuiop superman qaz2wsx
jordan qazwsx jennifer trustno hunter harley zxcvbnm asdfgh andrew batman soccer tigger charlie robert sunshine thomas
iloveyou ranger daniel hockey george computer michelle jessica starwars pepper klaster zxcvbn freedom princess joshua
maggie pass ginger amanda ashley love cheese nicole summer matthew chelsea dallas biteme matrix william yankees taylor
corvette austin access martin heather thunder merlin secret diamond hello anthony hammer qwer silver gfhjkm justin
patrick richard bailey internet samantha golfer scooter test orange cookie q1w2e3r4t maverick jackson sparky mickey
phoenix bigdog snoopy guitar whatever chicken morgan andrea camaro mercedes peanut ferrari cowboy falcon welcome
samsung steelers joseph smokey dakota melissa arsenal boomer eagles tigers marina nascar gateway porsche yellow
monster spider diablo hannah bulldog junior london purple compaq lakers iceman hardcore cowboys money banana boston
brandon tennis johnny miller q1w2e3r coffee scooby edward nikita mother yamaha brandy barney chester oliver charles
player knight forever steven rangers midnight chicago bigdaddy redsox victoria badboy angel please fender chris jasper
james slayer rabbit natasha rachel marine wizard marlboro raiders prince casper fishing flower crystal jasmine iwantu
adidas winner winter gandalf enter ghbdtn q2w3e4r angela mike golden lauren cocacola winston madison angels blowme
panther shannon sophie johnson david toyota tiger murphy canada danielle jonathan liverpoo muffin cooper apples jackie
dennis black passw0rd john abcd sandra pokemon slipknot carlos qazxsw scorpion qwaszx nathan startrek rainbow
asdfghjkl razz redskins newyork gemini cameron qazwsxedc florida liverpool turtle nicholas viking booger wilson sierra
doctor rocket victor dolphins captain bandit jaguar packers pookie peaches asdf blue dolphin helpme tucker theman
tiffany maxwell jeremy qwertyui debbie albert maddog lovers monica alex united giants nirvana metallic hotdog rosebud
mountain benjamin warrior stupid elephant success bond jackass bonnie alexis lucky jason scorpio samson q1w2e rush
azerty freddy driver willie calvin q2w3e4r5t sydney gators dexter bubba creative golf voodoo happy arthur trouble
america nissan gunner rebecca stella garfield gordon jessie parker asdfghjk apollo jack eminem december legend
airborne beavis august bear apple brooklyn godzilla skippy buddy qwert kitten magic shelby beaver phantom fred nothing
williams xavier braves darkness blink travis copper tomcat platinum girls bigboy green power animal police online
voyager lifehack fish sniper trinity walter blazer heaven lover snowball playboy bubbles loveme cricket marvin willow
donkey topgun nintendo saturn family november gabriel destiny pakistan pumpkin digital sergey chance explorer redwings
private therock runner lasvegas guinness beatles fire cassie christin celtic broncos andrey babygirl nelson donald
scott eclipse cartman fluffy louise michigan testing carolina little samuel alexande birdie steve pantera sharon
gibson vampire mexico peter buffalo montana genius beer flyers maximus school minecraft lovely stalker metallica
doggie carter kristina kimberly spencer speedy barbara snickers sabrina carmen marcus bronco yankee friends paradise
dreams magnum horses cool caroline lacrosse goober member qwertyu enigma scotty pimpin brian surfer sammy genesis
poohbear dave star qweasdzxc baby racing friend hawaii eagle billy viper october vanessa einstein stanley walker paul
drowssap stephen courtney simple alaska badger action jake bill denise jester spitfire drummer forest patricia
maryjane champion diesel svetlana rock friday kevin mark gregory pamela frank hotrod chevy anderson douglas westside
security google badass shorty tester thumper hitman mozart general reddog zaq12wsx music lizard alexander melanie
ruslan 123456789a vincent 1232323q sweet teresa scarface marshall olivia veronica buddha spirit frankie stargate
antonio liberty natalie mercury naruto suzuki semperfi king popcorn spooky marley system brittany claudia kelly
scotland free kitty cherokee vikings simpsons death leslie rascal qweasd jimmy loveyou hummer allison rocky patches
russia adrian jupiter penguin howard passion honda vfhbyf andre vladimir franklin sandman infinity homer raider
passport assman fantasy bulldogs horney domino budlight ironman disney norman softball bishop francis brutus ford
redrum brooke bigred jeffrey jesus fktrcfylh karina marines kawasaki digger ireland oksana fireman cougar college
alicia russell houston monday bradley sarah justice super wildcats tinker duncan dancer logitech avalon swordfis
everton reggie motorola alexandr molly timothy hentai claire patriots madonna colorado eugene ducati kermit juventus
indian connor galore freeuser smooth house titanic boogie simpson warcraft wolverin elizabet arizona saints valentin
georgia asdfg accord matt baxter denver mitchell christ yfnfif smith stinky zachary roland naughty ncc1701d spiderma
chopper brenda extreme virginia water skyline poop zombie pearljam froggy pirate fylhtq vision awesome alyssa dreamer
predator bullet empire wolf kirill people elvis panthers skipper nemesis peekaboo rasdzv simon alison rolltide
american cardinal arnold chevelle daddy psycho danger mookie manutd tommy hobbes vegeta goblue burton fyfcnfcbz picard
bobby windows loverboy vfrcbv victory turkey serega tweety hiphop galina changeme rooster polina berlin taurus
electric ronald avatar mine raptor alpha maksim spring brazil eric newport hard kenneth hendrix madmax england a1b2c
sublime britney france darkside bigman hercules lawrence wolfpack classic lincoln ronaldo spiderman q2w3e blizzard
cheyenne 123456789q wombat cjkysirj raymond brother kristen pandora devils simone holiday wildcat horse kramer
sterling caesar alabama carrie basketball sports pickle catch leather shaggy a1b2c3d chronic flowers robbie admin
gracie amber freepass airplane perfect kodiak billybob katana sunset crazy good stingray maria anna snowman phpbb
chocolat zeppelin garcia detroit wolves pontiac candy firebird gundam panzer outlaw time pretty fisher connie honey
business trevor redhead hardon greenday tarheels nastya hellfire cobra engineer savage service serenity sasha michele
dude lickme fireball white remember darkstar miranda flash harvey oscar strike freddie pavilion beauty bobafett adam
dbrnjhbz jeff bigmac duke clinton bowling jenny natali future harrison jones wallace swimming apache rulez pyramid
dodgers girl whynot defender teens morris trooper cancer precious packard lucifer popeye weasel raven icecream stewart
tanner swordfish blonde sandy presario rockstar viktor manager cheryl norton control wutang airforce julian atlanta
pimp spike thailand looking casino paris mouse lennon bluebird theone hawkeye hacker lisa dustin elaine nfnmzyf sailor
catfish goldfish maxima tattoo barbie light design pervert machine herman wrangler rocks trucks nipples roscoe tornado
jerry lights bubble cadillac madman orlando pegasus target longhorn laura philip browns eatme stefan cannon dilbert
baller microsoft winnie christia katie xfiles street seattle corona amateur cthutq prelude beach malibu freaky
assassin integra atlantis dragons iloveu unicorn lonewolf regina stealth kristin tony peewee openup bobcat stacey
software newton leonardo student srinivas angelina young enjoy valentina trigger zaqwsx lolita athena shotgun coyote
bruins veronika dollar country joker babydoll lestat wordpass hottie smiley potter random sweety woody chipper snake
samurai video gizmo maddie devildog valerie mistress flipper express powers soso123aljg cessna teacher goldie moose
polaris piglet cookies elena montreal hjvfirf ladies wolfgang fatboy scully father single wicked daisy foobar castle
tickle bunny pepsi balls transam dfvgbh oicu impala sunday booty hotstuff ronnie jasmin ryan gambit toshiba basketba
lancer birthday texas stephani knicks roberto stinger kathleen savannah shamrock benson squirt deftones trucker nick
redneck goldberg alfred blaster siemens shelly renegade manson subaru ibanez blondie hamilton casey swinger reaper
cristina minnie mylove harry galaxy lindsay dudley farmer gloria special enterpri travel babylon bigone sweetpea sugar
smoke skeeter indiana great ficken trfnthbyf freeman curtis smitty marino joanne bigfoot escort babes check larisa
trumpet tristan spartan asdfghj sister valera stormy paladin andreas cavalier marathon hamlet aardvark mister
manchester rusty napoleon seven indigo hornet skater jerome pierre wonder toronto rose indians karate buckeyes julie
hesoyam charger highland sweetie holland qaz2wsx3edc chiefs diamonds buckeye aurora campbell griffin brandi redman
passwor chandler drpepper monika maiden elizabeth leonard bernie brown garden storm autumn linda thuglife millie
jungle pencil insane pizza timber sherlock mariah audrey a2b3c hamster aragorn pioneer techno catdog triumph sidney
fktrctq none sophia morpheus island hobbit aaron pascal sampson consumer justme marion stones chrissy tyler nadine
marie goforit burger pitbull kelsey adgjmptw spartak german karen kissme hunting kaiser martha colors artist harold
bass italia sammie barcelona mario nicolas virgin pebbles sundance isabella overlord emerald callie doggy irina
racecar isabelle germany goddess change wesley nipple basket holly poison zipper alpine shirley element huskers marcel
eddie danny christy sakura inside ultimate dirty nicola ncc1701e blackie omega watson rommel geronimo nikki caserta
trojan 123qwe123 philips sergio nugget tarzan bassman warren trixie chicks aleksandr cream webster help sherry manuel
portugal dodger anakin bomber michel madness superfly q1w2e3r4t5y loser florence yvonne fatcat global ybrbnf energy
desire wrinkle soldier bianca warlock martina babe andrei larry seminole peace alejandr westham concrete harris
margaret hector christop ladybug network bernard weed qazxswedc trombone chuck pleasure rhbcnbyf home history bluesky
sherman logan january onelove cotton christian cdtnkfyf sunny archie holden brianna vfvjxrf titans stallion lindsey
singer truck smile party missy hansolo angelo joanna natalia beagle phillip panama smiles juice qawsed inferno moon
mongoose connect kingkong snatch flatron bluemoon turbo rocker personal emily blessed snakes dominic joey forget
finger beetle jamaica alberto a1234567 mulder jamie susan immortal head passat plastic dietcoke spunky long whiskey
monitor giovanni cactus ripper spyder markus planet teen patton exigen sticky waters nolimit daniela hollywoo abigail
morrison katrina trunks andy always diana clifford april speed japan mission pickles million sailing freak holmes
bonehead fernando ghbdtnbr charlott delta yomama darren rubber newman faster bertha memphis sylvia open maurice
hongkong olga jumper unreal geheim rodney nylons sebastia pentium legion shalom kennedy brooks movie dodge dream
graham sprite curious pacific funtime philly ferret niners orion werewolf milton cantona kingdom stars africa office
boeing gilbert abgrtyu pirates sheila french sweets cooldude palmer eternity lollipop tottenha stocking monique
anything foster irish jackoff biscuit drizzt camera columbia fossil makaveli tracey colt robinson isabel martini
salmon shasta jersey verbatim maniac snapper satan nasty solomon patriot jacob standard shaved blackcat asdzxc
punkrock raistlin infantry dillon gerald twister ricardo waterloo cjkywt clayton crimson serena oxford denis flight
condor seinfeld silvia biggie maxine musicman ravens teddy colleen bruce wolfman sharks megadeth cosmos velvet keeper
foxtrot garrett damien anton sesame skywalke banshee cats squirrel wolverine dogs sunrise rick ghost western grendel
roxanne privet legolas frog felix marlin stone herbert lvbnhbq qazwsxed carrot blades frosty stardust helena brownie
groovy penny butler coolio twilight daytona licker peanuts intrepid pikachu trains mollie vanhalen jericho hershey
strider lobster punisher grace bird bottom ninja 1234567a murray kansas shogun goblin search neptune ball showtime
darwin amadeus suzanne oldman bruno showme henry getsome muscle obiwan support rfrfirf skittles ekaterina gold whitney
shark maestro danni tanker english tarheel fighter thanks hannibal capital newlife anubis gothic chaos blues cindy
sabine roman preston princes brendan slick evelyn python richie tequila boss cody devil clover delete mirage blood
surfing q2w3e4r5t6y bentley portland potato baggins review porter chubby panasonic sandiego sooners buffy buck tina
derrick penelope blackdog harmony fusion dima mature malcolm allen mary a2b3c4d californ safety playtime dagger moscow
swallow warriors byteme stimpy gangster lucas christine turner iverson lester chargers liquid mushroom cracker
dingdong misty nymets robin bigguy mobile tazman greg nimrod newpass miami crusader bugger stranger dkflbvbh anastasia
marco volume masters monroe miguel doodle collins powder archer gotcha battle dublin slapshot guardian janice charly
septembe photos knights short angelica nookie milano scarlett stuart damian grizzly camille scruffy brasil latino
kittycat poopie munchkin lorenzo rammstein bananas barcelon santiago thegame hell world gerard picasso walnut kolobok
blackman wisdom trance starcraft parrot quality blade pink auburn goodluck dorothy dusty engine coltrane gorilla
wheels katerina tamara postal luther carlo cassidy discover oakland osiris dumbass shaney lonestar ping bridge bingo
bender annie stonecol dookie meridian sally megaman racerx rjntyjr sirius firefly julia alexandra madrid terry griffey
women phoebe zaq1xsw weezer beautiful violet ledzep lowrider randy gangsta ghjcnj paradox tacobell loving catalina
vertigo halflife carson sergei shiloh sobaka buffett aliens sadie chucky bonjour kangaroo jazz josh thompson sinner
socrates keyboard stevie jeep trebor finish dark luke sprint shazam lady national celica scarlet formula hoover sommer
frances hotboy cynthia qwerasdf penguins rebels elwood melvin vacation kiss ragnarok lexmark mailcreated lorraine
claude rockon duck dodgeram tacoma romeo wookie prodigy tempest vfhecz flames sebastian colombia bang kitkat oblivion
mystery sithlord server molson mustangs incubus smoker window scoobydo rescue bigballs zxcv carpet titleist richmond
director lawyer megan juan magnolia celeste melinda lucy wright jimbob golfing kenny roger bobbie xanadu tardis
blueeyes hearts dixie pooper shaman mersedes springer imagine janine kenwood dogg garbage martinez topper roberts
lizzie ashton elliott oracle sheena chloe nuttertools mallard shemale mikey asterix faith monkeys imperial jimbo
cooler grateful gillian peterpan kingston yourmom sleepy gremlin printer hudson pa55word stud freckles birdman aussie
esther defiant margarita deadhead polo anime tatyana jackal frogger bridget wayne research tobias mariners rootbeer
blondes donnie katrin weather aspirine frederic parola photo children account israel stephanie shaolin noodles celine
willy willis forgot hallo mandy rogers palace santos ohyeah magnus laurie creampie amazon kisses queen ludwig fatass
plymouth justdoit nellie 1234567q putter broken nopass letsgo bryan bones tatiana camel champs lightnin massive
camelot bosco deanna gizmodo spidey caliente aezakmi goodtime mypass roller catherin active pooh payton lonely
redalert brucelee smokin porkchop astros aquarius thankyou atomic fletcher shopping a1s2d3f mason marian vanilla
unknown sapphire temple marvel beckham qazwsxedcrfv kaktus myself sooner blacky hastings blackjac aggies scream
picture judith iforgot kasper cxfcnmt bangkok spectrum eduard vader jammer painter primus veritas ernest kristi
chevrole amsterdam slappy valley pete clancy granny avenger rosemary husker candyman beatrice simba falcons dylan
front harder atlantic labrador smudge syracuse southern melody timmy elijah center darling throat stuff fatman krishna
sanchez pancho gator pacman commando vulcan bush lemons alice j4ye3uz boner keith odessa barkley monopoly method
kelley sara punkin pineappl celtics space gangbang bennett area lick flyboy hamburg asian carol spartans tricky
romashka 123456aa snuggles boat infiniti anders billie life drago blake hermes jesse goose jeremiah vivian annette
homerun dead forrest carolyn 1234567890q topcat hayden cosworth vectra grover goodbye charlotte cuddles bossman
horndog doberman gary telefon dawg qawsedrf ivanov durango peugeot franco kyle plumber bell rbhbkk pauline exigent
laguna emmanuel webmaster bowler leopard strong theking redbull alan pics beast viktoria breeze topdog starbuck dance
dalton hungry beefcake reality gjkbyf speaker shelley godsmack clarence writer loveit kingpin nokia valhalla night
starfish anarchy herbie blacks content sailboat desert fitness brando bohica achilles tractor ncc1701a drake bull
hidden kicker labtec napass bart pa55w0rd amelia tuesday frontier swingers caitlin muppet terror legacy farside
terminator bella matilda kentucky doughboy ramona phillies jrcfyf camels dannyboy oakley nebraska latin double
qwertyuio sabbath chang pinkfloy homers striker looker fallen maryland luckydog azamat september iguana oklahoma
moloko agent vfrcbvrf javier vette daniil command rhonda studio pistol miles skiing franky stoner conrad select tanya
houses boris puppy elliot charmed vladik nathalie whocares maynard vkontakte ihateyou puppies zidane eileen dilligaf
crash mandingo moneys tyrone funny nevada kotenok mystic california budman church carlton rafael technics bone stick
golfball rookie panda laptop today jennie triton river trojans bunghole zvezda hurrican central stripper dale filter
jethro snow gustav ivan escape hawk igor aberdeen shane lespaul rfnthbyf enterprise butch dthjybrf cutter splash
handsome oilers randall cash nofear cupcake excalibu momoney gbpltw bigger belinda svetik possum metal moocow brothers
bethany keystone babyboy flamingo firefox bogdan ccbill passwort soleil lancelot vipers marilyn tdutybq juliet leader
madden russian australia sabina chase coolman babies skinny zaphod kamikaze verona bacon noodle rebel doobie designer
deadman attack vortex dogman gopher somethin danila reagan cancel torres freaks azsxdc sassy donna dracula play poncho
boots engage deskjet bradford hammers deeznuts warhammer tight justine ralph fabian lewis marissa oregon bubbas
sinatra hilton meatball mailman dawson columbus manchest cthulhu macdaddy mighty michaela grandma ready sterlin
cartoon summit 123456789z sentinel tolkien bicycle blow beverly breast lickit kathy meghan universe capone jenna
julius wendy bryant truelove helen nancy hailey chair bowser kathryn fernand eleven rockets billyboy military demon
davis jamesbon iloveyo traffic saint redhot microsof sonic miracle microlab gofish pilot lifetime rugby mayday aikido
nina conner cutlass tree thekid theodore titties sweden function polska danie gang market scotch lansing elvira bloody
hustler anfield coke smut catman bonita tracy sony fast cheers tinman airbus peters china azsxdcfv santana hayley
station gabrie scottie orioles charlton saun fortuna dfkthbz rustam warlord retard fatima ultima kong bigmoney rotten
betty grumpy oranges superstar fordf asdfjkl boxing xtreme denali selena zxcasd huskies terminal wilbur kristy
wildfire vladislav bikini thor hollywood mayhem sultan gretchen figaro sixers sparta saratoga running cloud models
mojo greenbay cancun marlene trinidad tammy chewie hope number feet crunch bigbird mellon bigtime fashion piccolo
fabie rjirfrgbde rovers meatloaf hyperion sandro rightnow jarhead armani treasure miriam hansen natural sport bizkit
maradona sayang charli rfhbyf utopia anaconda japanese camilla coconut govols emerson memory catherine jedi cosmo
cruise giant ricky dragoon giorgi packer illini christopher davids zaqxsw pedro sticks revenge exodus reebok chanel
albatros cabbage goku wally beaner quincy greens tomato toby chief richards adriana kenworth deborah down cooter
dinosaur eeyore movies dana lionking creamy adult poodle tsunami happyday knopka bogart corrado volley chickens
whisper flying first chocolate walleye hopper sean twisted chaser memorex ericsson jensen positive crazybab science
frisco dong jose zorro romance sherwood shania rereirf sausage milana tasha vfvekz profit zenith fugazi junebug
clemson polniypizdec tootsie fktrcfylhf comics zxcasdqwe vfczyz werner aspire hardrock condom rachael gringo anhyeuem
madeline rich becky canon february alien abc12345 harper stocks marcos clapton roberta coleman applepie skywalker
fubar theresa koshka tundra vitalik arjay gmoney ingrid pillow fingers samiam dean davidson skorpion candle nobody
hellyeah better australi drew rockhard easy bears sparkle johanna everest rfrnec hedgehog wolfie surf yosemite marisa
voyeur baddog brad jazzman tool temp cheetah qa2ws3ed slacker steele wood barsik valeria deniska br0d3r fright
karolina kirsten vfksirf kume kenshin bootie cyclone starship monty balloon maxell rupert 0.0.0.000 milena bonsai lion
salvador greatone vernon cent slider lillian admiral cecilia stolen albion boys midget nikola hithere dinamo francois
cheng calico duchess scratch powell stefano fortune nyjets artemis robotech backdoor rastaman fiesta felicia alliance
fletch goliath cinnamon rambler malaka tekken sojdlg123aljg carrera jeanette marc fritz ramses operator shado duster
wibble alibaba mechanic keywest sword amsterda bristol pingpong rasputin marianne tara rctybz sanders krista presto
majestic nguyen fowler passwords spurs carl pompey trident kipper kingfish gotohell angie guest garage heidi mattie
isaiah steeler wrestlin pooter divine emma route clipper charley macross railroad lineage oleg seamus swimmer jokers
thursday chico a123456789 solnce erik kimber guiness mathew nature matador sparks typhoon hank retired subway slave
ivanova ghetto florian vermont tang ktyjxrf lolipop spears yzerman peterson magick phillips cinder nwo4life shearer
pupsik dfkthf allsop city pippen belle chad venus kcj9wx5n dammit barry caveman critter underdog r2d2c3po skydive
renault onlyme snoopdog jayhawk hotshot caramel broadway kinky theboss train trout ding umbrella feather credit
splinter depeche seeker respect crysis direct animals chemical cyclops chivas jamesbond blackhaw sinclair team
megapass beanie translator helloo magicman phil fishes supersta giuseppe caligula 비밀번호 암호 사랑해 사랑해요 사랑합니다 안녕하세요 대한민국
관리자 qlalfqjsgh dkagh tkfkd tkfkdgo tkfkdgody tkfkdgkqslek dkssud dkssudgktpdy eogksalsrnr rhksflwk administrator
maedal 매달
`
    .trim()
    .split(/\s+/),
);
